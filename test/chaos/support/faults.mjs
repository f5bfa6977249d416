import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, stopPostgres } from '../../../tools/lib/postgres.mjs';
import { redisCommand, startRedis, stopRedis } from '../../../tools/lib/redis.mjs';
import { harm } from './harm.mjs';
import { isOfTheCloud } from './knobs.mjs';

const TO_KILL = [
  'provisioner',
  'provisioner-2',
  'provisioner',
  'provisioner-2',
  'package-installer',
  'api-gateway',
  'swarm-proxy',
  'cloud-sandbox',
];
/** A key of a killed gateway's request is taken by nobody else for two minutes. */
const KEY_MS = 120_000;
const part = (at, values) => values[Math.floor(at * values.length)];

/** Does to the system what the plan says. */
export class Faults {
  counts = {};
  /** Ids of servers that somebody else has ended. */
  ended = new Set();

  constructor({ dir, config, supervisor, knobs, actors, ms }) {
    Object.assign(this, { dir, supervisor, knobs, actors, ms });
    this.ports = config.ports;
    this.password = config.secrets.postgresPassword;
    /** Postgres and Redis come back before they are taken away again. */
    this.stores = Promise.resolve();
  }

  async run(faults, began) {
    for (const fault of faults) {
      await sleep(Math.max(0, began + fault.at - Date.now()));
      this.counts[fault.do] = (this.counts[fault.do] ?? 0) + 1;
      await this.begin(fault);
    }
    await this.stores;
  }

  async begin(fault) {
    if (isOfTheCloud(fault.do)) return this.knobs.begin(fault);
    if (fault.do === 'harm') return void this.harm(fault);
    if (fault.do === 'kill' || fault.do === 'end') return this.end(fault);
    if (fault.do === 'pause')
      return this.supervisor.pause(part(fault.a, TO_KILL.slice(0, 5)), 5000 + 35_000 * fault.b);
    this.stores = this.stores.then(() => this.store(fault));
  }

  end({ do: how, a, at }) {
    const id = part(a, TO_KILL);
    const isTooLate = id === 'api-gateway' && at > this.ms - KEY_MS;
    this.supervisor.signal(id, how === 'kill' && !isTooLate ? 'SIGKILL' : 'SIGTERM');
  }

  async store({ do: what, b }) {
    const { redis, postgres: port } = this.ports;
    const outage = () => sleep(500 + 4500 * b);
    switch (what) {
      case 'empty-redis':
        return redisCommand(redis, 'FLUSHALL');
      case 'restart-redis':
        await stopRedis(this.dir);
        await outage();
        return startRedis(this.dir, { port: redis });
      case 'fill-redis':
        await redisCommand(redis, 'CONFIG SET maxmemory 1');
        await outage();
        return redisCommand(redis, 'CONFIG SET maxmemory 0');
      case 'restart-postgres':
        await stopPostgres(this.dir);
        await outage();
        return startPostgres(this.dir, { port, password: this.password, durable: false });
    }
  }

  /** A server of an environment that is to be repaired: stopped, or ended. */
  async harm({ a, b }) {
    const eligible = this.actors.filter(
      ({ id, desired, plan }) => id && plan.repair && desired === 'running',
    );
    const actor = eligible[Math.floor(a * eligible.length)];
    if (!actor) return;
    const answer = await actor.tenant.ask('GET', `/environments/${actor.id}`);
    const servers = (answer?.body?.nodes ?? []).filter((node) => node.server_id);
    const server = servers[Math.floor(b * servers.length)];
    if (!server) return;
    const ends = actor.plan.cloud === 'ec2' && (b * 10) % 1 < 0.5;
    // Whatever the answer: it may have been lost.
    if (ends) this.ended.add(server.server_id);
    await harm(actor, server.server_id, ends);
  }
}
