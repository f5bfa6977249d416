import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, STATE_DIR } from './paths.mjs';
import { isFree } from './ports.mjs';
import { startPostgres, stopPostgres } from './postgres.mjs';
import { lastLines, pidOf, residentBytes, spawnDetached, stopProcess } from './processes.mjs';
import { startRedis, stopRedis } from './redis.mjs';
import { duration, say, UserError } from './say.mjs';
import { environmentOf, instances, nodeArguments } from './services.mjs';
import { ensureConfig, readConfig } from './stack-config.mjs';

const START_PATIENCE_MS = 60_000;

/**
 * Starts what is not running of the stack in `dir`: Postgres and Redis, then all services at once.
 * @param {{dir?: string, quiet?: boolean, name?: string, services?: string[], replicas?: object,
 *   env?: Record<string, object>, durable?: boolean, preferApiPort?: boolean}} options `env` by app
 * @returns the stack's addresses and configuration, and the milliseconds that the start took
 */
export async function startStack({ dir = STATE_DIR, quiet = false, ...options } = {}) {
  const began = performance.now();
  const config = await ensureConfig(dir, options);
  const note = (name, ms) => quiet || say(`   ${name.padEnd(20)} ${duration(ms)}`);
  const { ports, secrets, durable } = config;
  await refuseTakenPorts(dir, config);
  await Promise.all([
    clocked('postgres', note, () =>
      startPostgres(dir, { port: ports.postgres, password: secrets.postgresPassword, durable }),
    ),
    clocked('redis', note, () => startRedis(dir, { port: ports.redis })),
  ]);
  await Promise.all(
    instances(config).map((instance) =>
      clocked(instance.id, note, () => startService(dir, config, instance)),
    ),
  );
  return { ...describe(dir, config), startMs: performance.now() - began };
}

/** Where things are in a stack. */
export function describe(dir, config = readConfig(dir)) {
  return {
    dir,
    name: config.name,
    url: `http://127.0.0.1:${config.ports['api-gateway']}`,
    sandbox: {
      url: `http://127.0.0.1:${config.ports['cloud-sandbox']}`,
      accessKey: config.secrets.sandboxAccessKey,
      secretKey: config.secrets.sandboxSecretKey,
      doToken: config.secrets.sandboxDoToken,
    },
    config,
  };
}

async function clocked(name, note, work) {
  const began = performance.now();
  await work();
  note(name, performance.now() - began);
}

async function refuseTakenPorts(dir, { ports, ...config }) {
  const names = ['postgres', 'redis', ...instances(config).map(({ id }) => id)];
  for (const name of names) {
    if (pidOf(dir, name) !== undefined || (await isFree(ports[name]))) continue;
    throw new UserError(
      `Port ${ports[name]} of ${name} is taken by another process. Stop that one, or choose another ` +
        `port in ${join(dir, 'stack.json')}.`,
    );
  }
}

async function startService(dir, config, instance) {
  const { id } = instance;
  if (pidOf(dir, id) === undefined) spawnService(dir, config, instance);
  await ready(dir, id, config.ports[id]);
}

function spawnService(dir, config, instance) {
  const { id, app } = instance;
  const main = nodeArguments(ROOT, instance);
  if (!existsSync(main.at(-1))) throw new UserError(`apps/${app} is not built; run: npm run build`);
  spawnDetached(dir, id, process.execPath, main, {
    cwd: join(ROOT, 'apps', app),
    env: { ...process.env, NODE_OPTIONS: '', ...environmentOf(dir, config, instance) },
  });
}

/** Starts one service again, and does not wait for it. */
export function respawn({ dir = STATE_DIR, id }) {
  const config = readConfig(dir);
  spawnService(
    dir,
    config,
    instances(config).find((instance) => instance.id === id),
  );
}

/** The ids of the stack's services. */
export function servicesOf(dir) {
  return instances(readConfig(dir)).map(({ id }) => id);
}

async function ready(dir, id, port) {
  const deadline = Date.now() + START_PATIENCE_MS;
  const url = `http://127.0.0.1:${port}/health/ready`;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (pidOf(dir, id) === undefined)
      throw new UserError(`${id} ended at its start:\n${lastLines(dir, id)}`);
    if (Date.now() > deadline)
      throw new UserError(
        `${id} is not ready after ${duration(START_PATIENCE_MS)}:\n${lastLines(dir, id)}`,
      );
    await sleep(50);
  }
}

/** Stops everything of the stack in `dir`, services first. */
export async function stopStack({ dir = STATE_DIR } = {}) {
  const config = readConfig(dir);
  if (!config) return;
  await Promise.all(instances(config).map(({ id }) => stopProcess(dir, id)));
  await Promise.all([stopPostgres(dir), stopRedis(dir)]);
}

/** Ends one service as a crash would. */
export function killService({ dir = STATE_DIR, id }) {
  return stopProcess(dir, id, 'SIGKILL');
}

/** `{id, pid, port, bytes}` of every process of the stack; pid is undefined for one that is down. */
export function processesOf(dir, config = readConfig(dir)) {
  const ids = ['postgres', 'redis', ...instances(config).map(({ id }) => id)];
  return ids.map((id) => {
    const pid = pidOf(dir, id);
    return { id, pid, port: config.ports[id], bytes: pid ? residentBytes(pid) : 0 };
  });
}

/** The resident bytes of the services alone. */
export function serviceBytes(dir) {
  return processesOf(dir)
    .filter(({ id }) => id !== 'postgres' && id !== 'redis')
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
