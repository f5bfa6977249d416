import { randomBytes } from 'node:crypto';
import { type Answer, call, type CallOptions, open } from './http';
import { stack } from './stack';
import { waitFor } from './wait-for';

export interface NodeRequest {
  name: string;
  packages: string[];
  size: string;
}

export interface NodeState {
  id: string;
  name: string;
  phase: string;
  public_ip?: string | null;
  [key: string]: unknown;
}

export interface EnvironmentState {
  id: string;
  ready: boolean;
  deleted_at: string | null;
  nodes: NodeState[];
  [key: string]: unknown;
}

export interface ErrorBody {
  errors: { code: string; message: string; field?: string }[];
  request_id: string;
}

export interface EnvironmentEvent {
  id: string;
  data: Record<string, unknown>;
}

export const unique = (prefix: string) => `${prefix}-${randomBytes(4).toString('hex')}`;

/** The smallest size, and the region, that tests launch in. */
export const SIZE = 't2.micro';
export const REGION = 'us-east-1';

export interface Cloud {
  accessKey: string;
  secretKey: string;
  endpoint: string;
}

/** The same at DigitalOcean. */
export const DROPLET_SIZE = 's-1vcpu-1gb';
export const DROPLET_REGION = 'nyc3';

export interface DropletCloud {
  token: string;
  /** Without `/v2`. */
  endpoint: string;
}

/** One account's view of the API. */
export class Client {
  private constructor(
    readonly email: string,
    readonly password: string,
    readonly key: string,
  ) {}

  /** A new account with a key of its own. */
  static async register(): Promise<Client> {
    const email = `${unique('e2e')}@example.com`;
    const password = unique('correct-horse-battery');
    const { status, body } = await call<[{ persistent_token: string }]>(
      stack.url,
      'POST',
      '/accounts/register',
      { json: { email, password, password_confirm: password, name: 'E2E', user_name: email } },
    );
    if (status !== 201) throw new Error(`register: ${String(status)} ${JSON.stringify(body)}`);
    return new Client(email, password, body[0].persistent_token);
  }

  /** A known account again, as it was written down by another spec. */
  static from(known: { email: string; password: string; key: string }): Client {
    return new Client(known.email, known.password, known.key);
  }

  call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const headers = { 'authentication-token': this.key, ...options.headers };
    return call<T>(stack.url, method, path, { ...options, headers });
  }

  /** @throws when the answer is not a success */
  async must<T = unknown>(method: string, path: string, options?: CallOptions): Promise<T> {
    const { status, body } = await this.call<T>(method, path, options);
    if (status >= 200 && status < 300) return body;
    throw new Error(`${method} ${path}: ${String(status)} ${JSON.stringify(body)}`);
  }

  /** A provider at the sandbox. */
  async addProvider(cloud: Cloud | DropletCloud, name = unique('provider')): Promise<string> {
    const json = { provider_name: name, ...credentialsOf(cloud) };
    const made = await this.must<[{ id: string }] | { id: string }>('POST', '/providers', { json });
    return (Array.isArray(made) ? made[0] : made).id;
  }

  async createApplication(name = unique('app')): Promise<string> {
    const json = { application_name: name, application_type: 'custom' };
    const [application] = await this.must<[{ id: string }]>('POST', '/applications', { json });
    return application.id;
  }

  /** Asks for an environment and answers at once; see `untilReady`. */
  async launch(
    application: string,
    provider: string,
    nodes: NodeRequest[],
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const { environment } = await this.must<{ environment: string }>(
      'POST',
      `/applications/${application}/environments`,
      {
        headers: { prefer: 'respond-async' },
        json: { provider_id: provider, region: REGION, environment: unique('env'), nodes, ...more },
      },
    );
    return environment;
  }

  state(environment: string): Promise<EnvironmentState> {
    return this.must<EnvironmentState>('GET', `/environments/${environment}`);
  }

  untilReady(environment: string, timeoutMs = 420_000): Promise<EnvironmentState> {
    return this.until(environment, 'ready', (state) => state.ready, timeoutMs);
  }

  /** @throws early, with what the nodes say, when one of them has failed and `condition` is not met */
  until(
    environment: string,
    what: string,
    condition: (state: EnvironmentState) => boolean,
    timeoutMs = 300_000,
  ): Promise<EnvironmentState> {
    return waitFor(
      `environment ${environment} to be ${what}`,
      async () => {
        const state = await this.state(environment);
        return condition(state) && state;
      },
      { timeoutMs },
    );
  }

  /** Deletes an environment and waits until all of it is gone, what the cloud had for it included. */
  async destroy(environment: string): Promise<void> {
    await this.must('DELETE', `/environments/${environment}`);
    await waitFor(`environment ${environment} to go away`, async () => {
      const { status, body } = await this.call<EnvironmentState>(
        'GET',
        `/environments/${environment}`,
      );
      return status === 404 || body.deleted_at !== null;
    });
  }

  /** Events as they come, until `signal` is aborted. */
  async *events(
    environment: string,
    { signal, lastEventId }: { signal: AbortSignal; lastEventId?: string },
  ): AsyncGenerator<EnvironmentEvent> {
    const headers: Record<string, string> = {
      'authentication-token': this.key,
      accept: 'text/event-stream',
    };
    if (lastEventId) headers['last-event-id'] = lastEventId;
    const path = `/environments/${environment}/events`;
    const answer = await open(stack.url, 'GET', path, { headers, signal });
    let rest = '';
    try {
      for await (const chunk of answer) {
        const blocks = (rest + (chunk as Buffer).toString('utf8')).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
          const data = field('data');
          if (data)
            yield { id: field('id') ?? '', data: JSON.parse(data) as EnvironmentEvent['data'] };
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** As `POST /providers` takes them. */
function credentialsOf(cloud: Cloud | DropletCloud) {
  const { endpoint } = cloud;
  if ('token' in cloud) {
    return { cloud_provider: 'digital_ocean', access_token: cloud.token, endpoint };
  }
  const { accessKey, secretKey } = cloud;
  return { cloud_provider: 'ec2', accessKey, secretKey, endpoint };
}
