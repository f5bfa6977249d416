import type { CloudAccount } from '@cloudhero/cloud';
import { newId } from '@cloudhero/domain';
import type { Faults, Harness, NamedCall, Thing } from './harness';
import { SandboxProcess } from '../support/sandbox-process';

/** What the two clouds of the sandbox have different names for. */
export interface Dialect extends Pick<
  Harness,
  'type' | 'region' | 'size' | 'kinds' | 'unknownServer' | 'tellsWhenToRetry'
> {
  calls: Record<NamedCall, string>;
  throttled: string;
  /** Key and secret, or token, as the sandbox gives them, in a provider's words. */
  credentialsOf(given: Record<string, string>): Record<string, string>;
  /** What names the credentials in the sandbox's admin API. */
  nameOf(account: CloudAccount): string;
  openPorts(account: CloudAccount): Promise<string[]>;
}

const KINDS: Record<string, Thing['kind']> = {
  instance: 'server',
  volume: 'volume',
  key: 'ssh_key',
  group: 'firewall',
  firewall: 'firewall',
  tag: 'tag',
};

/** A harness over a sandbox process; `between` may put something in front of the cloud's address. */
export class SandboxHarness implements Harness {
  readonly type = this.dialect.type;
  readonly region = this.dialect.region;
  readonly size = this.dialect.size;
  readonly kinds = this.dialect.kinds;
  readonly unknownServer = this.dialect.unknownServer;
  readonly tellsWhenToRetry = this.dialect.tellsWhenToRetry;

  private sandbox!: SandboxProcess;
  private readonly accounts = new Map<string, string>();
  private endpoint = '';

  constructor(
    private readonly dialect: Dialect,
    private readonly between: (url: string) => Promise<string> = (url) => Promise.resolve(url),
  ) {}

  async start(): Promise<void> {
    this.sandbox = await SandboxProcess.start();
    this.endpoint = await this.between(this.sandbox.url);
  }

  stop(): Promise<void> {
    return this.sandbox.stop();
  }

  async account(): Promise<CloudAccount> {
    const given = await this.sandbox.admin<Record<string, string>>('POST', 'accounts', {
      cloud: this.type,
    });
    const account = {
      providerId: newId(),
      type: this.type,
      endpoint: this.endpoint,
      credentials: this.dialect.credentialsOf(given),
      installationId: newId(),
    };
    this.accounts.set(account.providerId, given['account'] ?? '');
    return account;
  }

  async setFaults(faults: Faults & { failedFirewalls?: number }): Promise<void> {
    const { calls, throttled } = this.dialect;
    const errors = [
      { action: calls.launch, code: throttled, count: faults.throttledLaunches ?? 0 },
      {
        ...{ action: calls['add firewall'], code: 'failed', count: faults.failedFirewalls ?? 0 },
        asynchronous: true,
      },
    ];
    await this.sandbox.admin('PUT', 'knobs', {
      lostReplies: faults.lostReplies
        ? [{ action: calls[faults.lostReplies.call], count: faults.lostReplies.count }]
        : [],
      exhausted: faults.exhausted ? [faults.exhausted] : [],
      ...(faults.quota === undefined ? {} : { quota: { instances: faults.quota } }),
      errors,
      visibilityDelayMs: faults.visibilityDelayMs ?? 0,
      bootDelayMs: faults.bootDelayMs ?? 0,
      keepVolumes: faults.disksStay ?? false,
      ...(faults.shutdownIgnored ? { shutdownIgnored: { afterMs: 300 } } : {}),
    });
  }

  async refuse(account: CloudAccount, how: 'unknown' | 'forbidden'): Promise<void> {
    const status = how === 'unknown' ? 'revoked' : 'forbidden';
    await this.sandbox.admin('PUT', `accounts/${this.dialect.nameOf(account)}`, { status });
  }

  async things(account: CloudAccount): Promise<Thing[]> {
    const id = this.accounts.get(account.providerId) ?? '';
    const left = await this.sandbox.admin<{ kind: string; id: string; name: string }[]>(
      'GET',
      `resources?account=${id}`,
    );
    return left.map(({ kind, ...rest }) => ({
      kind: KINDS[kind] ?? 'tag',
      id: rest.id,
      name: rest.name,
    }));
  }

  openPorts(account: CloudAccount): Promise<string[]> {
    return this.dialect.openPorts(account);
  }

  async calls(): Promise<number> {
    return (await this.report()).total;
  }

  /** The same of one action, by the sandbox's name for it. */
  async callsOf(action: string): Promise<number> {
    return (await this.report()).actions[action] ?? 0;
  }

  private report() {
    return this.sandbox.admin<{ total: number; actions: Record<string, number> }>(
      'GET',
      `calls?cloud=${this.type}`,
    );
  }
}
