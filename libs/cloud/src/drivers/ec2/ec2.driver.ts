import {
  CreateTagsCommand,
  DescribeRegionsCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type InstanceStateChange,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CloudMetadata, ObservedServer } from '@cloudhero/domain';
import { Answers, OFFERS_KEPT_MS } from '../../answers';
import { type MeteredCalls, withPriority } from '../../metered-calls';
import type {
  CloudAccount,
  CloudDriver,
  CloudResources,
  EnvironmentSpec,
  LaunchAttempt,
  LaunchBatch,
  OwnedResource,
  StateChange,
} from '../../cloud-driver';
import { TAG } from '../../cloud-tags';
import { Ec2Clients, HOME_REGION } from './ec2-clients';
import { asCloudError, ec2Code } from './ec2-errors';
import { findDebianImage } from './ec2-image';
import { Ec2InstancePages } from './ec2-instance-pages';
import { Ec2Launch } from './ec2-launch';
import { readMetadata } from './ec2-metadata';
import { deleteNetwork, ensureKeyPair, ensureSecurityGroup } from './ec2-network';
import { deleteOwnedAt, deleteVolumes, listOwnedAt } from './ec2-owned';
import { asStateChanges } from './ec2-servers';
import { readZones } from './ec2-zones';

/** Ids in one call: as many as a filter takes values. */
const BATCH = 200;

/** Amazon EC2, or a private cloud that speaks its Query API. */
export class Ec2Driver implements CloudDriver {
  /** EC2 knows a repeat by its client token. */
  readonly launchSettlesMs = 0;

  private readonly clients: Ec2Clients;
  private readonly pages = new Ec2InstancePages();
  private readonly images = new Answers<string>(OFFERS_KEPT_MS);
  private readonly offers = new Answers<string[]>(OFFERS_KEPT_MS);

  constructor(
    private readonly account: CloudAccount,
    calls: MeteredCalls,
  ) {
    this.clients = new Ec2Clients(account, calls);
  }

  verifyCredentials() {
    return urgently(async () => {
      const identity = await this.clients.security().send(new GetCallerIdentityCommand({}));
      // The first says who it is; the second, that it may use EC2 at all.
      await this.clients.ec2(HOME_REGION).send(new DescribeRegionsCommand({}));
      return { account: identity.Account ?? '' };
    });
  }

  metadata(): Promise<CloudMetadata> {
    return urgently(() => readMetadata(this.clients.ec2(HOME_REGION)));
  }

  findImage(region: string, size: string): Promise<string> {
    const client = this.clients.ec2(region);
    const ask = () => urgently(() => findDebianImage(client, region, size));
    return this.images.get(place(region, size), ask);
  }

  zones(region: string, size: string): Promise<string[]> {
    const ask = () => urgently(() => readZones(this.clients.ec2(region), size));
    return this.offers.get(place(region, size), ask);
  }

  prepare(spec: EnvironmentSpec): Promise<CloudResources> {
    const client = this.clients.ec2(spec.region);
    const tags = { ...this.marks(spec.environmentId), Name: spec.name };
    return urgently(async () => {
      const [keyName, securityGroupId] = await Promise.all([
        ensureKeyPair(client, spec, tags),
        ensureSecurityGroup(client, spec, tags),
      ]);
      return { keyName, securityGroupId };
    });
  }

  launch(batch: LaunchBatch, attempt: LaunchAttempt): Promise<ObservedServer[]> {
    const client = this.clients.ec2(batch.region);
    const launch = new Ec2Launch(client, this.pages, this.marks(batch.environmentId));
    return urgently(async () => {
      try {
        return await launch.run(batch, attempt);
      } catch (error) {
        // An image that is gone is not to be answered again.
        if (asCloudError(error).code === 'image_not_found')
          this.images.forget(place(batch.region, batch.size));
        throw error;
      }
    });
  }

  /** Servers that have not changed are the same objects as the last time. */
  async observe(region: string, environmentIds?: readonly string[]): Promise<ObservedServer[]> {
    if (environmentIds?.length === 0) return [];
    if (!environmentIds || environmentIds.length > BATCH) {
      const all = await this.describe(region, `tag:${TAG.installation}`, [
        this.account.installationId,
      ]);
      const wanted = environmentIds && new Set<string | undefined>(environmentIds);
      return wanted ? all.filter(({ environmentId }) => wanted.has(environmentId)) : all;
    }
    return this.describe(region, `tag:${TAG.environment}`, [...environmentIds].sort());
  }

  async find(region: string, serverIds: readonly string[]): Promise<ObservedServer[]> {
    const found: ObservedServer[] = [];
    for (const ids of batches(serverIds)) {
      // As a filter, ids that the cloud does not know are no error.
      const filters = [{ Name: 'instance-id', Values: ids }];
      const look = () => this.pages.look(this.clients.ec2(region), filters);
      found.push(...(await urgently(look)));
    }
    return found;
  }

  stop(region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return this.change(region, serverIds, async (InstanceIds) => {
      const answer = await this.clients.ec2(region).send(new StopInstancesCommand({ InstanceIds }));
      return answer.StoppingInstances;
    });
  }

  start(region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return this.change(region, serverIds, async (InstanceIds) => {
      const answer = await this.clients
        .ec2(region)
        .send(new StartInstancesCommand({ InstanceIds }));
      return answer.StartingInstances;
    });
  }

  terminate(region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return this.change(region, serverIds, async (InstanceIds) => {
      const answer = await this.clients
        .ec2(region)
        .send(new TerminateInstancesCommand({ InstanceIds }));
      return answer.TerminatingInstances;
    });
  }

  rename(region: string, serverId: string, name: string): Promise<void> {
    return translated(async () => {
      await this.clients
        .ec2(region)
        .send(
          new CreateTagsCommand({ Resources: [serverId], Tags: [{ Key: 'Name', Value: name }] }),
        );
    });
  }

  cleanup(region: string, environmentId: string): Promise<void> {
    const client = this.clients.ec2(region);
    return withPriority('delete', () =>
      translated(async () => {
        await deleteNetwork(client, environmentId);
        await deleteVolumes(client, environmentId);
      }),
    );
  }

  listOwned(region: string): Promise<OwnedResource[]> {
    return translated(() => listOwnedAt(this.clients.ec2(region), this.account.installationId));
  }

  deleteOwned(region: string, resource: OwnedResource): Promise<void> {
    return translated(() => deleteOwnedAt(this.clients.ec2(region), resource));
  }

  close() {
    this.clients.close();
  }

  private marks(environmentId: string): Record<string, string> {
    return { [TAG.installation]: this.account.installationId, [TAG.environment]: environmentId };
  }

  private describe(
    region: string,
    Name: string,
    Values: readonly string[],
  ): Promise<ObservedServer[]> {
    const Filters = [{ Name, Values: [...Values] }];
    return translated(() => this.pages.list(this.clients.ec2(region), region, Filters));
  }

  /** One that is refused keeps none of the others; when all are, that is the answer. */
  private async changeEach(
    region: string,
    serverIds: readonly string[],
    call: (ids: string[]) => Promise<InstanceStateChange[] | undefined>,
  ): Promise<StateChange[]> {
    const changes: StateChange[] = [];
    const refusals: unknown[] = [];
    for (const id of serverIds)
      await this.change(region, [id], call).then(
        (made) => changes.push(...made),
        (error: unknown) => refusals.push(error),
      );
    if (changes.length === 0 && refusals.length > 0) throw refusals[0];
    return changes;
  }

  /** EC2 refuses a whole batch for one id that it does not know or may not touch: then each goes alone. */
  private change(
    region: string,
    serverIds: readonly string[],
    call: (ids: string[]) => Promise<InstanceStateChange[] | undefined>,
  ): Promise<StateChange[]> {
    return translated(async () => {
      const changes: StateChange[] = [];
      for (const ids of batches(serverIds)) {
        try {
          changes.push(...asStateChanges(await call(ids)));
        } catch (error) {
          const code = ec2Code(error) ?? '';
          if (!ABOUT_ONE.has(code)) throw error;
          if (ids.length > 1) changes.push(...(await this.changeEach(region, ids, call)));
          else if (code !== 'InvalidInstanceID.NotFound') throw error;
        }
      }
      return changes;
    });
  }
}

/** Names an answer that is for one size in one region. */
function place(region: string, size: string): string {
  return `${region}/${size}`;
}

/** Refusals of a whole batch for something that is true of one instance, protection from deletion included. */
const ABOUT_ONE: ReadonlySet<string> = new Set([
  'InvalidInstanceID.NotFound',
  'IncorrectInstanceState',
  'OperationNotPermitted',
]);

function batches(ids: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    result.push(ids.slice(start, start + BATCH));
  }
  return result;
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asCloudError(error);
  }
}

/** What somebody waits for: its looking goes before the looking around of sweeps. */
function urgently<T>(work: () => Promise<T>): Promise<T> {
  return withPriority('launch', () => translated(work));
}
