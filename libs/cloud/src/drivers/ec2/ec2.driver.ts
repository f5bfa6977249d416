import {
  CreateTagsCommand,
  DescribeRegionsCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type InstanceStateChange,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CloudHeroError, type CloudMetadata, type ObservedServer } from '@cloudhero/domain';
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
import { readMetadata } from './ec2-metadata';
import { deleteNetwork, ensureKeyPair, ensureSecurityGroup, tagsFor } from './ec2-network';
import { deleteOwnedAt, deleteVolumes, listOwnedAt } from './ec2-owned';
import { asServer, asStateChanges } from './ec2-servers';
import { readZones } from './ec2-zones';

/** Ids in one call: as many as a filter takes values. */
const BATCH = 200;

/** Amazon EC2, or a private cloud that speaks its Query API. */
export class Ec2Driver implements CloudDriver {
  /** EC2 knows a repeat by its client token. */
  readonly launchSettlesMs = 0;

  private readonly clients: Ec2Clients;
  private readonly pages = new Ec2InstancePages();

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
    return urgently(() => findDebianImage(this.clients.ec2(region), region, size));
  }

  zones(region: string, size: string): Promise<string[]> {
    return urgently(() => readZones(this.clients.ec2(region), size));
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
    const { keyName = '', securityGroupId = '' } = batch.resources;
    const tags = {
      ...this.marks(batch.environmentId),
      [TAG.launch]: batch.launchId,
      // All servers of a call have the same tags.
      Name: batch.names.length === 1 ? (batch.names[0] ?? batch.name) : batch.name,
    };
    return urgently(async () => {
      const answer = this.clients.ec2(batch.region).send(
        new RunInstancesCommand({
          ClientToken: batch.launchId,
          ImageId: batch.image,
          InstanceType: batch.size as never,
          // All or none.
          MinCount: batch.names.length,
          MaxCount: batch.names.length,
          KeyName: keyName,
          SecurityGroupIds: [securityGroupId],
          ...(batch.zone ? { Placement: { AvailabilityZone: batch.zone } } : {}),
          UserData: Buffer.from(batch.userData).toString('base64'),
          // Version 2 and one hop: a container on the node cannot read the user data.
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          TagSpecifications: tagsFor(['instance', 'volume'], tags),
        }),
      );
      try {
        const { Instances = [] } = await answer;
        return Instances.map(asServer);
      } catch (error) {
        return this.madeBefore(error, batch, attempt);
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
      found.push(...(await translated(look)));
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

  /**
   * What a refused launch had made before. EC2 may look at a request's image or key before it knows the
   * request again by its token, so a refusal of a repeat says nothing of the first attempt.
   */
  private async madeBefore(
    error: unknown,
    { region, launchId }: LaunchBatch,
    { first }: LaunchAttempt,
  ): Promise<ObservedServer[]> {
    const refusal = asCloudError(error);
    const isRepeat = !first || attemptsOf(error) > 1;
    const isRefused = !refusal.temporary || refusal.code === 'capacity_unavailable';
    if (isRepeat && isRefused) {
      const filters = [{ Name: 'client-token', Values: [launchId] }];
      const made = await this.pages.look(this.clients.ec2(region), filters);
      if (made.length > 0) return made;
    }
    throw afterRepeat(error, refusal);
  }

  private describe(
    region: string,
    Name: string,
    Values: readonly string[],
  ): Promise<ObservedServer[]> {
    const Filters = [{ Name, Values: [...Values] }];
    return translated(() => this.pages.list(this.clients.ec2(region), region, Filters));
  }

  /** EC2 refuses a whole batch when it does not know one id, so then each id goes alone. */
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
          if (ec2Code(error) !== 'InvalidInstanceID.NotFound') throw error;
          if (ids.length === 1) continue;
          for (const id of ids) changes.push(...(await this.change(region, [id], call)));
        }
      }
      return changes;
    });
  }
}

/**
 * A refusal that the SDK met when it repeated a launch by itself says nothing of what became of the
 * first attempt: the key may have been revoked in between.
 */
function afterRepeat(error: unknown, refusal: CloudHeroError): CloudHeroError {
  if (attemptsOf(error) === 1 || refusal.temporary) return refusal;
  return new CloudHeroError('cloud_unavailable', refusal.message, { cause: error });
}

/** How often the SDK had sent a call when it gave up. */
function attemptsOf(error: unknown): number {
  return (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
}

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
