import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const SERVER = ['redis-server', 'valkey-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/** A Redis of a spec's own, which it may stop, fill and start again. */
export class OwnRedis {
  private process?: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  /** Whether this machine has a Redis to start. */
  static get installed(): boolean {
    return SERVER !== undefined;
  }

  static async start(): Promise<OwnRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const redis = new OwnRedis(port);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', this.port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.process = spawn(SERVER ?? '', args.map(String), { stdio: 'ignore', cwd: '/tmp' });
    for (let tries = 0; tries < 200; tries += 1) {
      if (await this.command('PING').then(Boolean, () => false)) return;
      await sleep(25);
    }
    throw new Error('redis-server does not start');
  }

  /** All that it holds is lost. */
  async stop(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** Neither answers nor goes away, as a machine that swaps. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Every write is refused from now on, as when there is no memory left. */
  fill(): Promise<unknown> {
    return this.command('CONFIG', 'SET', 'maxmemory', '1');
  }

  empty(): Promise<unknown> {
    return this.command('CONFIG', 'SET', 'maxmemory', '0');
  }

  async command(name: string, ...args: string[]): Promise<unknown> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      return await redis.call(name, ...args);
    } finally {
      redis.disconnect();
    }
  }
}
