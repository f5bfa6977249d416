import {
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeKeyPairsCommand,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { OwnedResource } from '../../cloud-driver';
import { TAG } from '../../cloud-tags';
import { unless } from './ec2-errors';

/** Everything of the client's region with an installation's tag, servers that are going aside. */
export async function listOwnedAt(
  client: EC2Client,
  installationId: string,
): Promise<OwnedResource[]> {
  const Filters = [{ Name: `tag:${TAG.installation}`, Values: [installationId] }];
  const owned: OwnedResource[] = [];
  for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, { Filters })) {
    for (const { Instances = [] } of page.Reservations ?? [])
      for (const { InstanceId, State, Tags, LaunchTime } of Instances) {
        if (GOING.has(State?.Name)) continue;
        owned.push(asOwned('server', InstanceId, undefined, Tags, LaunchTime));
      }
  }
  for await (const page of paginateDescribeSecurityGroups({ client, pageSize: 1000 }, { Filters }))
    for (const { GroupId, GroupName, Tags } of page.SecurityGroups ?? [])
      owned.push(asOwned('firewall', GroupId, GroupName, Tags));
  const { KeyPairs = [] } = await client.send(new DescribeKeyPairsCommand({ Filters }));
  for (const { KeyPairId, KeyName, Tags, CreateTime } of KeyPairs)
    owned.push(asOwned('ssh_key', KeyPairId, KeyName, Tags, CreateTime));
  for await (const page of paginateDescribeVolumes({ client, pageSize: 500 }, { Filters }))
    for (const { VolumeId, Tags, CreateTime } of page.Volumes ?? [])
      owned.push(asOwned('volume', VolumeId, undefined, Tags, CreateTime));
  return owned;
}

const GOING: ReadonlySet<string | undefined> = new Set(['shutting-down', 'terminated']);

function asOwned(
  kind: OwnedResource['kind'],
  id = '',
  name?: string,
  tags: readonly Tag[] = [],
  createdAt?: Date,
): OwnedResource {
  const value = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
  const environmentId = value(TAG.environment);
  const launchId = value(TAG.launch);
  return {
    kind,
    id,
    name: name ?? value('Name') ?? id,
    ...(environmentId ? { environmentId } : {}),
    ...(launchId ? { launchId } : {}),
    ...(createdAt ? { createdAt } : {}),
  };
}

/** Deletes one of the above; one that is not there is deleted. */
export async function deleteOwnedAt(client: EC2Client, { kind, id }: OwnedResource): Promise<void> {
  switch (kind) {
    case 'server':
      await client
        .send(new TerminateInstancesCommand({ InstanceIds: [id] }))
        .catch(unless('InvalidInstanceID.NotFound'));
      return;
    case 'firewall':
      await client
        .send(new DeleteSecurityGroupCommand({ GroupId: id }))
        .catch(unless('InvalidGroup.NotFound', 'InvalidGroupId.NotFound'));
      return;
    case 'ssh_key':
      await client
        .send(new DeleteKeyPairCommand({ KeyPairId: id }))
        .catch(unless('InvalidKeyPair.NotFound'));
      return;
    case 'volume':
      return deleteVolume(client, id);
    case 'tag':
      // EC2's tags are parts of what carries them.
      return;
  }
}

/** Deletes an environment's volumes that no server has any more. */
export async function deleteVolumes(client: EC2Client, environmentId: string): Promise<void> {
  const Filters = [
    { Name: `tag:${TAG.environment}`, Values: [environmentId] },
    { Name: 'status', Values: ['available'] },
  ];
  for await (const page of paginateDescribeVolumes({ client, pageSize: 500 }, { Filters }))
    for (const { VolumeId = '' } of page.Volumes ?? []) await deleteVolume(client, VolumeId);
}

async function deleteVolume(client: EC2Client, VolumeId: string): Promise<void> {
  await client.send(new DeleteVolumeCommand({ VolumeId })).catch(unless('InvalidVolume.NotFound'));
}
