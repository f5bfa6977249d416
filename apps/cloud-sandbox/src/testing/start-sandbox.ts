import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { type CloudSandboxConfig, cloudSandboxSchema } from '@cloudhero/config';
import { createLogger } from '@cloudhero/telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../create-app';
import { DoClient } from './do-client';
import { imagesOf } from '../ec2/images';
import type { Region } from '../ec2/regions';

export interface Credentials {
  accessKey: string;
  secretKey: string;
}

const OWN_TOKEN = 'dop_v1_a-token-of-the-specs';
const OWN: Credentials = { accessKey: 'AKIASANDBOXSANDBOX00', secretKey: 'a-secret-of-the-specs' };

/** A sandbox of its own on a free port, with its state in a temporary folder. */
export class TestSandbox {
  readonly dir = mkdtempSync(join(tmpdir(), 'cloudhero-sandbox-'));
  url = '';
  private app?: Awaited<ReturnType<typeof createApp>>;

  constructor(private readonly overrides: Partial<Record<keyof CloudSandboxConfig, string>> = {}) {}

  async start(): Promise<this> {
    const config = cloudSandboxSchema.parse({
      CLOUDHERO_SANDBOX_MACHINES: 'virtual',
      CLOUDHERO_SANDBOX_SECRET_KEY: OWN.secretKey,
      CLOUDHERO_SANDBOX_DO_TOKEN: OWN_TOKEN,
      CLOUDHERO_SANDBOX_STATE_DIR: this.dir,
      ...this.overrides,
    });
    this.app = await createApp(config, createLogger('cloud-sandbox', 'silent'));
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
    return this;
  }

  async stop(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A client that makes each call once, so that a spec sees every failure. */
  ec2(region: Region = 'us-east-1', credentials = OWN, maxAttempts = 1): EC2Client {
    return new EC2Client({ ...this.client(region, credentials), maxAttempts });
  }

  digitalOcean(token = OWN_TOKEN): DoClient {
    return new DoClient(this.url, token);
  }

  sts(credentials = OWN): STSClient {
    return new STSClient({ ...this.client('us-east-1', credentials), maxAttempts: 1 });
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

  private client(region: Region, { accessKey, secretKey }: Credentials) {
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    return { region, endpoint: this.url, credentials };
  }
}

/** The newest image of a region. */
export function imageOf(region: Region = 'us-east-1'): string {
  return imagesOf(region).at(-1)?.imageId ?? '';
}

/** What RunInstances always needs. */
export function launchOf(count = 1, more: object = {}) {
  return {
    ImageId: imageOf(),
    InstanceType: 't3.micro' as const,
    MinCount: count,
    MaxCount: count,
    ...more,
  };
}

/** Looks again until `probe` answers something, at most `timeoutMs`. */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false>,
  timeoutMs = 5000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error('It did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
