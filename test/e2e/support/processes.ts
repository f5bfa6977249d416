import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stack } from './stack';

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

/** Empties Redis, every queue of it included. */
export async function flushRedis(): Promise<void> {
  const port = stack.config.ports.redis;
  if (port === undefined) throw new Error('the stack has no Redis');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('FLUSHALL\r\n'));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString('utf8').startsWith('+OK')) resolve();
      else reject(new Error(data.toString('utf8')));
    });
  });
}
