import type { Cloud, DropletCloud } from './client';
import { call } from './http';
import { stack } from './stack';

export interface SandboxInstance {
  instanceId: string;
  account: string;
  region: string;
  state: string;
  virtual: boolean;
  publicAddress?: string;
  privateAddress?: string;
  /** Of the local Docker engine, where it is a real machine. */
  container?: string;
  tags: Record<string, string>;
}

export interface Calls {
  total: number;
  actions: Record<string, number>;
}

async function admin<T>(method: string, path: string, json?: unknown): Promise<T> {
  const answer = await call<T>(stack.sandbox.url, method, `/_sandbox${path}`, { json });
  if (answer.status >= 400)
    throw new Error(`${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What the sandbox itself tells tests, and the knobs with which they make it misbehave. */
export const sandbox = {
  setKnobs: (knobs: object) => admin<unknown>('PUT', '/knobs', knobs),
  resetKnobs: () => admin<unknown>('DELETE', '/knobs'),
  calls: () => admin<Calls>('GET', '/calls'),
  resetCalls: () => admin<unknown>('DELETE', '/calls'),
  instances: () => admin<SandboxInstance[]>('GET', '/instances'),

  /** A cloud account of its own, so that whatever is left in it was left by one test. */
  async createAccount(): Promise<Cloud & { account: string }> {
    const created = await admin<{ accessKey: string; secretKey: string; account: string }>(
      'POST',
      '/accounts',
      {},
    );
    return { ...created, endpoint: stack.sandbox.url };
  },

  /** As `createAccount`, at DigitalOcean. */
  async createDropletAccount(): Promise<DropletCloud & { account: string }> {
    const json = { cloud: 'digital_ocean' };
    const created = await admin<{ token: string; account: string }>('POST', '/accounts', json);
    return { ...created, endpoint: stack.sandbox.url };
  },

  /** @param name an access key, or a DigitalOcean account's token or id */
  setAccountStatus: (name: string, status: 'active' | 'revoked' | 'forbidden') =>
    admin<unknown>('PUT', `/accounts/${name}`, { status }),

  /** All that an account still has that would be billed or counted, in words. */
  async left(account: string): Promise<string[]> {
    const path = `/resources?account=${encodeURIComponent(account)}`;
    const found = await admin<{ kind: string; id: string; name: string }[]>('GET', path);
    return found.map(({ kind, id, name }) => `${kind} ${id} ${name}`);
  },

  /** Instances of one account that are not gone. */
  async alive(account: string): Promise<SandboxInstance[]> {
    const gone = ['terminated', 'shutting-down'];
    return (await sandbox.instances()).filter(
      (instance) => instance.account === account && !gone.includes(instance.state),
    );
  },
};
