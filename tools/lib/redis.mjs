import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, pidOf, spawnDetached, stopProcess } from './processes.mjs';
import { which } from './run.mjs';

const NAME = 'redis';

export const redisUrl = ({ port }) => `redis://127.0.0.1:${port}`;

/** Starts Redis (or Valkey) in `dir` where it is not running, and waits until it answers. */
export async function startRedis(dir, { port }) {
  if (pidOf(dir, NAME) === undefined) {
    const data = join(dir, 'redis');
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const settings = {
      bind: '127.0.0.1',
      port,
      dir: data,
      appendonly: 'yes',
      save: '',
      'maxmemory-policy': 'noeviction',
    };
    const server = which('redis-server', 'valkey-server');
    if (!server) throw new Error('redis-server is not installed; run: node tools/setup.mjs');
    const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
    spawnDetached(dir, NAME, server, args, { cwd: data });
  }
  const deadline = Date.now() + 15_000;
  while ((await redisCommand(port, 'PING').catch(() => '')) !== '+PONG') {
    if (pidOf(dir, NAME) === undefined || Date.now() > deadline)
      throw new Error(`Redis does not start\n${lastLines(dir, NAME)}`);
    await sleep(30);
  }
}

export const stopRedis = (dir) => stopProcess(dir, NAME);

/** One command without arguments; the first line of its answer. */
export function redisCommand(port, command) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`));
    socket.setTimeout(10_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('utf8').split('\r\n')[0]);
    });
  });
}
