import { apiGatewaySchema, loadConfig } from '@cloudhero/config';
import { createLogger } from '@cloudhero/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Resources } from '../core/core.module';
import { openResources } from '../core/open-resources';
import { createApp } from '../create-app';
import { FakeCloud } from './fake-cloud';
import { FakeWorkers } from './fake-workers';
import { testServices } from './services';

export const OPERATOR = 'operator:operator-password';

export interface Call {
  method?: string;
  key?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is. */
  text?: string | Buffer;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Headers;
  // What a spec looks into; JSON has no better type.
  body: never;
  text: string;
}

/** A whole API on a database and queues of its own, with a cloud that does as the spec says. */
export class TestGateway {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly resources: Resources,
    readonly cloud: FakeCloud,
    readonly workers: FakeWorkers,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<TestGateway> {
    const services = testServices();
    if (!services) throw new Error('no services to test on');
    const name = `gateway_${randomBytes(6).toString('hex')}`;
    const databaseUrl = await createDatabase(services.databaseUrl, name);
    const config = loadConfig(apiGatewaySchema, {
      DATABASE_URL: databaseUrl,
      REDIS_URL: services.redisUrl,
      CLOUDHERO_QUEUE_PREFIX: name,
      CLOUDHERO_SECRET_KEYS: `1:${randomBytes(32).toString('base64')}`,
      CLOUDHERO_INSTALLATION_ID: 'a'.repeat(24),
      CLOUDHERO_OPERATOR_PASSWORD: OPERATOR.split(':')[1],
      CLOUDHERO_RATE_LIMIT_PER_MINUTE: '100000',
      ...env,
    });
    const cloud = new FakeCloud({ url: services.redisUrl, prefix: name });
    await cloud.start();
    const logger = createLogger('test', 'silent');
    const resources = await openResources(config, logger);
    const app = await createApp(config, logger, resources);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const drop = () => run(services.databaseUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
    const workers = new FakeWorkers(resources.database);
    return new TestGateway(app, url, resources, cloud, workers, drop);
  }

  async call(
    path: string,
    { method, key, headers, body, text, signal }: Call = {},
  ): Promise<Answer> {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method: method ?? (payload === undefined ? 'GET' : 'POST'),
      headers: {
        'content-type': 'application/json',
        ...(key && { 'authentication-token': key }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
      ...(signal && { signal }),
    });
    const answer = await response.text();
    let parsed: unknown = null;
    try {
      parsed = JSON.parse(answer);
    } catch {
      // Not JSON: the spec looks at the text.
    }
    return {
      status: response.status,
      headers: response.headers,
      body: parsed as never,
      text: answer,
    };
  }

  /** Registers an account. @returns its key */
  async register(email = `${randomBytes(6).toString('hex')}@email.com`): Promise<string> {
    const password = 'secretpassword';
    const body = { email, password, password_confirm: password, name: 'Acme', user_name: email };
    const answer = await this.call('/accounts/register', { body });
    return (answer.body as [{ persistent_token: string }])[0].persistent_token;
  }

  /** Adds a provider and an application. */
  async outfit(key: string): Promise<{ provider: string; application: string }> {
    const provider = await this.call('/providers', {
      key,
      body: {
        cloud_provider: 'ec2',
        provider_name: 'my-provider',
        accessKey: 'AWSAccessKey',
        secretKey: 'AWSSecretKey',
      },
    });
    const application = await this.call('/applications', {
      key,
      body: { application_name: 'My App', application_type: 'custom' },
    });
    return {
      provider: (provider.body as [{ id: string }])[0].id,
      application: (application.body as [{ id: string }])[0].id,
    };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.cloud.close();
    await this.drop();
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  await run(url, `CREATE DATABASE "${name}"`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
