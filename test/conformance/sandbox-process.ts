import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../apps/cloud-sandbox/dist/main.js');

/** A sandbox of its own, without machines, on a free port, its state in a temporary folder. */
export class SandboxProcess {
  url = '';
  private readonly dir = mkdtempSync(join(tmpdir(), 'cloudhero-conformance-'));
  private process?: ChildProcess;

  async start(): Promise<void> {
    if (!existsSync(MAIN)) throw new Error('Build apps/cloud-sandbox first: npm run build');
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        CLOUDHERO_HOST: '127.0.0.1',
        CLOUDHERO_SANDBOX_PORT: String(port),
        CLOUDHERO_SANDBOX_MACHINES: 'virtual',
        CLOUDHERO_SANDBOX_STATE_DIR: this.dir,
        CLOUDHERO_SANDBOX_SECRET_KEY: 'a-secret-of-the-conformance-suite',
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const deadline = Date.now() + 20_000;
    while (!(await this.answers())) {
      if (this.process.exitCode !== null || Date.now() > deadline)
        throw new Error('The sandbox did not start');
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Calls the admin API; its answer as JSON. */
  async admin<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/_sandbox/knobs`)).ok;
    } catch {
      return false;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
