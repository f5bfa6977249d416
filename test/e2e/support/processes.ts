import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { call } from './http';
import { stack } from './stack';
import { waitFor } from './wait-for';

const run = promisify(execFile);

/** How long a supervisor takes to notice. */
const SUPERVISOR_MS = 1000;

function stackTool(...args: string[]) {
  const tool = join(stack.root, 'tools', 'stack.mjs');
  return run(process.execPath, [tool, ...args, '--dir', stack.dir], { timeout: 90_000 });
}

/** `kill -9` of a service, which is started again a second later, as a supervisor would. */
export async function crash(...services: string[]): Promise<void> {
  await Promise.all(services.map((service) => stackTool('kill', service)));
  await sleep(SUPERVISOR_MS);
  await stackTool('start');
}

/** Starts what is down. */
export const startAgain = () => stackTool('start');

function pidOf(name: string): number {
  const file = join(stack.dir, 'run', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
}

/** Sends a signal to a process of the stack, which may be `postgres` or `redis` too. */
export function signal(name: string, what: NodeJS.Signals): void {
  process.kill(pidOf(name), what);
}

/** Ends a process of the stack, and waits until it has ended. */
export async function end(name: string, what: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const pid = pidOf(name);
  process.kill(pid, what);
  await waitFor(`${name} to end`, () => Promise.resolve(!existsSync(`/proc/${String(pid)}`)), {
    timeoutMs: 35_000,
    everyMs: 50,
  });
}

/** Runs a service that is down as a child of the test, and waits until it is ready. */
export async function runService(app: string, more: Record<string, string> = {}) {
  const { stdout } = await stackTool('env', app);
  const variables = [...stdout.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  const child = spawn(process.execPath, [join(stack.root, 'apps', app, 'dist', 'main.js')], {
    cwd: join(stack.root, 'apps', app),
    env: { ...process.env, ...(Object.fromEntries(variables) as NodeJS.ProcessEnv), ...more },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const port = String(stack.config.ports[app]);
  await waitFor(
    `${app} to be ready`,
    async () => (await call(`http://127.0.0.1:${port}`, 'GET', '/health/ready')).status === 200,
    { timeoutMs: 60_000 },
  );
  return { child, ended };
}

/** One command that Redis answers with OK. */
export async function redis(command: string): Promise<void> {
  const port = stack.config.ports.redis;
  if (port === undefined) throw new Error('the stack has no Redis');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString('utf8').startsWith('+OK')) resolve();
      else reject(new Error(data.toString('utf8')));
    });
  });
}

/** Empties Redis, every queue of it included. */
export const flushRedis = () => redis('FLUSHALL');
