import {
  CloudDrivers,
  type CloudAccount,
  type CloudDriver,
  type LaunchBatch,
} from '@cloudhero/cloud';
import {
  asCloudHeroError,
  type CallBudget,
  type CloudHeroError,
  newId,
  type ObservedServer,
  type RateBucket,
} from '@cloudhero/domain';
import { newSshKeyPair } from '@cloudhero/secrets';
import type { Harness, Thing } from './harness';

/** Counts what a driver asks of its budget; `refusal` is what it answers, where there is one. */
export class SpyBudget implements CallBudget {
  readonly taken: { credential: string; bucket: RateBucket; priority: string }[] = [];
  readonly slowed: { bucket: RateBucket; retryAfterMs?: number | undefined }[] = [];
  refusal?: CloudHeroError;

  take(credential: string, bucket: RateBucket, priority: string): Promise<void> {
    this.taken.push({ credential, bucket, priority });
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }

  slowDown(_credential: string, bucket: RateBucket, retryAfterMs?: number): Promise<void> {
    this.slowed.push({ bucket, retryAfterMs });
    return Promise.resolve();
  }
}

/** One account at a cloud, with the driver under test. */
export class World {
  readonly budget = new SpyBudget();
  readonly environmentId = newId();
  readonly driver: CloudDriver;
  private readonly drivers = new CloudDrivers(this.budget);
  private readonly publicKey = newSshKeyPair('conformance').publicKey;

  private constructor(
    readonly harness: Harness,
    readonly account: CloudAccount,
  ) {
    this.driver = this.drivers.for(account);
  }

  static async at(harness: Harness): Promise<World> {
    return new World(harness, await harness.account());
  }

  /** Another installation of ours in the same account. */
  stranger(): CloudDriver {
    const { credentials, type, endpoint } = this.account;
    const account = { providerId: newId(), credentials, type, endpoint, installationId: newId() };
    return this.drivers.for(account);
  }

  prepare(openPorts: readonly (readonly [number, number])[] = [[80, 80]]) {
    return this.driver.prepare({
      environmentId: this.environmentId,
      region: this.harness.region,
      name: 'conformance',
      sshPublicKey: this.publicKey,
      sshFrom: ['192.0.2.0/24'],
      openPorts,
    });
  }

  /** A batch that is ready to be launched. */
  async batch(count: number, more: Partial<LaunchBatch> = {}): Promise<LaunchBatch> {
    const { region, size } = this.harness;
    return {
      launchId: newId(),
      environmentId: this.environmentId,
      region,
      resources: await this.prepare(),
      name: 'conformance',
      names: Array.from({ length: count }, (_, index) => `acme-app-env-node-${index}`),
      size,
      image: await this.driver.findImage(region, size),
      zone: null,
      userData: '#cloud-config\n',
      ...more,
    };
  }

  launch(batch: LaunchBatch, first = true, signal = new AbortController().signal) {
    return this.driver.launch(batch, { first, signal });
  }

  /** Launches, and waits until the servers can be worked with. */
  async running(count = 1, more: Partial<LaunchBatch> = {}): Promise<ObservedServer[]> {
    const launched = await this.launch(await this.batch(count, more));
    return this.untilAll(launched, 'running');
  }

  /** Looks by id until all of the servers are in a state; gone ones count as terminated. */
  async untilAll(servers: readonly { id: string }[], state: string): Promise<ObservedServer[]> {
    const ids = servers.map(({ id }) => id);
    return eventually(async () => {
      const found = await this.driver.find(this.harness.region, ids);
      if (state !== 'terminated')
        return found.length === ids.length && found.every((it) => it.state === state) && found;
      return found.every((it) => it.state === state) && found;
    });
  }

  /** Ends servers for good; a cloud that is still busy with one is asked again. */
  async terminate(servers: readonly { id: string }[]): Promise<void> {
    const ids = servers.map(({ id }) => id);
    await eventually(async () => {
      const failure = await failureOf(this.driver.terminate(this.harness.region, ids));
      if (failure && failure.code !== 'conflict') throw failure;
      return !failure;
    });
    await this.untilAll(servers, 'terminated');
  }

  /** What the cloud itself says is there. */
  async things(kind: Thing['kind']): Promise<Thing[]> {
    return (await this.harness.things(this.account)).filter((thing) => thing.kind === kind);
  }

  close() {
    this.drivers.close();
  }
}

/** What a call failed with, `undefined` where it did not. */
export async function failureOf(call: Promise<unknown>): Promise<CloudHeroError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return asCloudHeroError(error);
  }
}

/** Looks again until `probe` answers something. */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error('It did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
