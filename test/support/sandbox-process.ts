import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const APP = resolve(__dirname, '../../apps/cloud-sandbox');
const PATIENCE_MS = 30_000;
const SECRETS = {
  CLOUDHERO_SANDBOX_ACCESS_KEY: 'AKIASANDBOXSANDBOX00',
  CLOUDHERO_SANDBOX_SECRET_KEY: 'a-secret-of-the-tests',
  CLOUDHERO_SANDBOX_DO_TOKEN: 'dop_v1_a-token-of-the-tests',
};

/** A sandbox of a test's own: a process from its sources, with virtual machines alone. */
export class SandboxProcess {
  readonly accessKey = SECRETS.CLOUDHERO_SANDBOX_ACCESS_KEY;
  readonly secretKey = SECRETS.CLOUDHERO_SANDBOX_SECRET_KEY;
  readonly doToken = SECRETS.CLOUDHERO_SANDBOX_DO_TOKEN;

  private constructor(
    private readonly child: ChildProcess,
    private readonly dir: string,
    readonly url: string,
  ) {}

  /** Answers when it is ready. @throws Error with what it wrote, where it ends instead */
  static async start(): Promise<SandboxProcess> {
    const dir = mkdtempSync(join(tmpdir(), 'cloudhero-sandbox-'));
    const port = await freePort();
    const args = ['-C', '@cloudhero/source', '-r', '@swc-node/register', 'src/main.ts'];
    const child = spawn(process.execPath, args, {
      cwd: APP,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        ...SECRETS,
        LOG_LEVEL: 'error',
        CLOUDHERO_SANDBOX_MACHINES: 'virtual',
        CLOUDHERO_SANDBOX_STATE_DIR: dir,
        CLOUDHERO_SANDBOX_PORT: String(port),
      },
    });
    const sandbox = new SandboxProcess(child, dir, `http://127.0.0.1:${port}`);
    await sandbox.ready();
    return sandbox;
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
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill();
      await ended;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      if (this.child.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`The sandbox did not start: ${said}`);
      }
      await sleep(50);
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
