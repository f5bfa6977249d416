import { EngineClient, type EngineInfo, type KeyPair } from '@cloudhero/docker';
import type { ClusterNode } from '@cloudhero/persistence';
import { setTimeout as wait } from 'node:timers/promises';
import { readLines } from './json-lines';
import { primaryName, type OwnerIndex } from './owner-index';

const PING_INTERVAL_MS = 3000;
const WATCHED = encodeURIComponent(
  JSON.stringify({ type: ['container'], event: ['create', 'destroy', 'rename'] }),
);

interface ContainerEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

/** What an engine told of itself when we connected. */
export interface EngineFacts {
  info: EngineInfo;
  apiVersion: string;
  minApiVersion: string;
  builderVersion: string;
}

/**
 * One node's engine. A watch keeps the index of containers up to date from the engine's events and
 * knows whether the engine can be reached.
 */
export class EngineNode {
  readonly client: EngineClient;
  facts?: EngineFacts;
  /** Whether the engine answered last time. */
  up = false;
  /** Settles after the first attempt to connect, whatever came of it. */
  readonly tried: Promise<void>;
  /** Aborts when the engine stops answering, so that nobody goes on waiting for it. */
  lost = AbortSignal.abort();
  private readonly closing = new AbortController();
  private markTried: () => void = () => undefined;

  constructor(
    readonly record: ClusterNode & { publicIp: string },
    ca: string,
    pair: KeyPair,
    private readonly index: OwnerIndex,
    port?: number,
  ) {
    this.client = new EngineClient({
      host: record.publicIp,
      serverName: record.id,
      ca,
      ...pair,
      timeoutMs: 10_000,
      maxFreeSockets: 64,
      ...(port !== undefined && { port }),
    });
    this.tried = new Promise((resolve) => (this.markTried = resolve));
    void this.watch();
  }

  get id(): string {
    return this.record.id;
  }

  get name(): string {
    return this.record.name;
  }

  /** Reads the list of containers, all of them, into the index. */
  async list(): Promise<void> {
    const since = this.index.now();
    const found = await this.client.json<{ Id: string; Names: string[] | null }[]>(
      'GET',
      '/containers/json?all=1',
    );
    const containers = found.map(({ Id, Names }) => ({ id: Id, name: primaryName(Names) }));
    this.index.replace(this.id, containers, since);
  }

  close() {
    this.closing.abort();
    this.up = false;
    this.client.close();
  }

  private async watch() {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const round = new AbortController();
      this.lost = round.signal;
      const heartbeat = setInterval(() => void this.beat(round), PING_INTERVAL_MS);
      try {
        await this.follow(AbortSignal.any([signal, round.signal]));
      } catch {
        // Not reachable, or lost: the next round tries again.
      } finally {
        clearInterval(heartbeat);
      }
      this.up = false;
      round.abort();
      this.markTried();
      await wait(1000, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** A machine that is gone does not close its connections: the events would be silent for ever. */
  private async beat(round: AbortController) {
    if (!(await this.client.ping(PING_INTERVAL_MS))) round.abort();
  }

  /** Events first, then the list: nothing falls between the two. */
  private async follow(signal: AbortSignal) {
    const path = `/events?filters=${WATCHED}`;
    const events = await this.client.request('GET', path, { signal, timeoutMs: 3000 });
    if (events.statusCode !== 200) throw new Error(`events: status ${events.statusCode}`);
    await Promise.all([this.list(), this.learn()]);
    this.up = true;
    this.markTried();
    for await (const line of readLines(events)) this.apply(JSON.parse(line) as ContainerEvent);
  }

  private async learn() {
    const [info, ping] = await Promise.all([
      this.client.info(5000),
      this.client.request('HEAD', '/_ping', { timeoutMs: 5000 }),
    ]);
    ping.resume();
    const version = await this.client.version(5000);
    this.facts = {
      info,
      apiVersion: version.ApiVersion,
      minApiVersion: version.MinAPIVersion ?? '1.12',
      builderVersion: String(ping.headers['builder-version'] ?? '1'),
    };
  }

  private apply({ Action, Actor }: ContainerEvent) {
    const name = (Actor.Attributes['name'] ?? '').replace(/^\//, '');
    if (Action === 'create') this.index.add({ id: Actor.ID, name, nodeId: this.id });
    else if (Action === 'destroy') this.index.remove(Actor.ID);
    else if (Action === 'rename') this.index.rename(Actor.ID, name);
  }
}
