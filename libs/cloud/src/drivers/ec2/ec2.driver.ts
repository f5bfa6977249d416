import {
  CreateTagsCommand,
  DescribeRegionsCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type InstanceStateChange,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CloudHeroError, type CloudMetadata, type ObservedServer } from '@cloudhero/domain';
import type {
  CloudAccount,
  CloudDriver,
  CloudResources,
  EnvironmentSpec,
  LaunchBatch,
  StateChange,
} from '../../cloud-driver';
import { TAG } from '../../cloud-tags';
import { Ec2Clients, HOME_REGION } from './ec2-clients';
import { asCloudError, ec2Code } from './ec2-errors';
import { findDebianImage } from './ec2-image';
import { readMetadata } from './ec2-metadata';
import { deleteNetwork, ensureKeyPair, ensureSecurityGroup, tagsFor } from './ec2-network';
import { asServer, asStateChanges } from './ec2-servers';

/** Ids in one call: as many as a filter takes values. */
const BATCH = 200;

/** Amazon EC2, or a private cloud that speaks its Query API. */
export class Ec2Driver implements CloudDriver {
  private readonly clients: Ec2Clients;

  constructor(private readonly account: CloudAccount) {
    this.clients = new Ec2Clients(account);
  }

  verifyCredentials() {
    return translated(async () => {
      const identity = await this.clients.security().send(new GetCallerIdentityCommand({}));
      // The first says who it is; the second, that it may use EC2 at all.
      await this.clients.ec2(HOME_REGION).send(new DescribeRegionsCommand({}));
      return { account: identity.Account ?? '' };
    });
  }

  metadata(): Promise<CloudMetadata> {
    return translated(() => readMetadata(this.clients.ec2(HOME_REGION)));
  }

  findImage(region: string, size: string): Promise<string> {
    return translated(() => findDebianImage(this.clients.ec2(region), size));
  }

  prepare(spec: EnvironmentSpec): Promise<CloudResources> {
    const client = this.clients.ec2(spec.region);
    const tags = { ...this.marks(spec.environmentId), Name: spec.name };
    return translated(async () => {
      const [keyName, securityGroupId] = await Promise.all([
        ensureKeyPair(client, spec, tags),
        ensureSecurityGroup(client, spec, tags),
      ]);
      return { keyName, securityGroupId };
    });
  }

  launch(batch: LaunchBatch): Promise<ObservedServer[]> {
    const { keyName = '', securityGroupId = '' } = batch.resources;
    const tags = {
      ...this.marks(batch.environmentId),
      [TAG.launch]: batch.launchId,
      Name: batch.name,
    };
    return translated(async () => {
      const answer = this.clients.ec2(batch.region).send(
        new RunInstancesCommand({
          ClientToken: batch.launchId,
          ImageId: batch.image,
          InstanceType: batch.size as never,
          MinCount: batch.count,
          MaxCount: batch.count,
          KeyName: keyName,
          SecurityGroupIds: [securityGroupId],
          ...(batch.zone ? { Placement: { AvailabilityZone: batch.zone } } : {}),
          UserData: Buffer.from(batch.userData).toString('base64'),
          // Version 2 and one hop: a container on the node cannot read the user data.
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          TagSpecifications: tagsFor(['instance', 'volume'], tags),
        }),
      );
      const { Instances = [] } = await answer.catch(afterRepeat);
      return Instances.map(asServer);
    });
  }

  observe(region: string, environmentId?: string): Promise<ObservedServer[]> {
    const [name, value] = environmentId
      ? [TAG.environment, environmentId]
      : [TAG.installation, this.account.installationId];
    return this.describe(region, { Filters: [{ Name: `tag:${name}`, Values: [value] }] });
  }

  async find(region: string, serverIds: readonly string[]): Promise<ObservedServer[]> {
    const found: ObservedServer[] = [];
    for (const ids of batches(serverIds)) {
      // As a filter, ids that the cloud does not know are no error.
      found.push(
        ...(await this.describe(region, { Filters: [{ Name: 'instance-id', Values: ids }] })),
      );
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
    return translated(() => deleteNetwork(this.clients.ec2(region), environmentId));
  }

  close() {
    this.clients.close();
  }

  private marks(environmentId: string): Record<string, string> {
    return { [TAG.installation]: this.account.installationId, [TAG.environment]: environmentId };
  }

  private describe(
    region: string,
    input: { Filters: { Name: string; Values: string[] }[] },
  ): Promise<ObservedServer[]> {
    return translated(async () => {
      const servers: ObservedServer[] = [];
      const client = this.clients.ec2(region);
      for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, input)) {
        for (const { Instances = [] } of page.Reservations ?? []) {
          servers.push(...Instances.map(asServer));
        }
      }
      return servers;
    });
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
function afterRepeat(error: unknown): never {
  const { $metadata } = error as { $metadata?: { attempts?: number } };
  const refusal = asCloudError(error);
  if (($metadata?.attempts ?? 1) === 1 || refusal.temporary) throw refusal;
  throw new CloudHeroError('cloud_unavailable', refusal.message, { cause: error });
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
