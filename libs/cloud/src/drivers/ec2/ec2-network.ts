import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  ImportKeyPairCommand,
  type EC2Client,
  type IpPermission,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import { CloudHeroError } from '@cloudhero/domain';
import type { EnvironmentSpec } from '../../cloud-driver';
import { resourceName } from '../../cloud-tags';
import { ec2Code, unless } from './ec2-errors';

/** Tags in the call that makes the thing: tagging afterwards leaves a window for orphans. */
export function tagsFor(
  types: readonly ResourceType[],
  tags: Record<string, string>,
): { ResourceType: ResourceType; Tags: { Key: string; Value: string }[] }[] {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return types.map((ResourceType) => ({ ResourceType, Tags: list }));
}

/** Imports the environment's SSH key; the name is ours alone, so one that is there is this one. */
export async function ensureKeyPair(
  client: EC2Client,
  spec: EnvironmentSpec,
  tags: Record<string, string>,
): Promise<string> {
  const name = resourceName(spec.environmentId);
  await client
    .send(
      new ImportKeyPairCommand({
        KeyName: name,
        PublicKeyMaterial: Buffer.from(spec.sshPublicKey),
        TagSpecifications: tagsFor(['key-pair'], tags),
      }),
    )
    .catch(unless('InvalidKeyPair.Duplicate'));
  return name;
}

/** Makes the environment's own security group in the default VPC, or finds it, with its rules. */
export async function ensureSecurityGroup(
  client: EC2Client,
  spec: EnvironmentSpec,
  tags: Record<string, string>,
): Promise<string> {
  const id = (await findSecurityGroup(client, spec.environmentId)) ?? (await create());
  await allow(client, id, ingressRules(spec, id));
  return id;

  async function create(): Promise<string> {
    const vpcId = await defaultVpc(client, spec.region);
    try {
      const { GroupId } = await client.send(
        new CreateSecurityGroupCommand({
          GroupName: resourceName(spec.environmentId),
          Description: `CloudHero environment ${spec.environmentId}`,
          VpcId: vpcId,
          TagSpecifications: tagsFor(['security-group'], tags),
        }),
      );
      return GroupId ?? '';
    } catch (error) {
      // Another worker was faster, or an earlier reply was lost.
      if (ec2Code(error) !== 'InvalidGroup.Duplicate') throw error;
      const found = await findSecurityGroup(client, spec.environmentId);
      if (found) return found;
      throw new CloudHeroError('conflict', 'EC2 does not show the security group yet.');
    }
  }
}

/** EC2 refuses all of a call's rules when it has one of them, so then each goes alone. */
async function allow(client: EC2Client, GroupId: string, IpPermissions: IpPermission[]) {
  try {
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  } catch (error) {
    if (ec2Code(error) !== 'InvalidPermission.Duplicate') throw error;
    if (IpPermissions.length === 1) return;
    for (const rule of IpPermissions) await allow(client, GroupId, [rule]);
  }
}

/** Deletes what the two functions above made. */
export async function deleteNetwork(client: EC2Client, environmentId: string): Promise<void> {
  const group = await findSecurityGroup(client, environmentId);
  if (group) {
    await client
      .send(new DeleteSecurityGroupCommand({ GroupId: group }))
      .catch(unless('InvalidGroup.NotFound', 'InvalidGroupId.NotFound'));
  }
  await client
    .send(new DeleteKeyPairCommand({ KeyName: resourceName(environmentId) }))
    .catch(unless('InvalidKeyPair.NotFound'));
}

async function findSecurityGroup(
  client: EC2Client,
  environmentId: string,
): Promise<string | undefined> {
  const { SecurityGroups = [] } = await client.send(
    new DescribeSecurityGroupsCommand({
      Filters: [{ Name: 'group-name', Values: [resourceName(environmentId)] }],
    }),
  );
  return SecurityGroups[0]?.GroupId;
}

async function defaultVpc(client: EC2Client, region: string): Promise<string> {
  const { Vpcs = [] } = await client.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
  );
  const id = Vpcs[0]?.VpcId;
  if (!id) {
    throw new CloudHeroError(
      'invalid_request',
      `The account has no default VPC in ${region}. Create one (aws ec2 create-default-vpc).`,
    );
  }
  return id;
}

/** Docker's cluster ports are open between members only: the group is its own source. */
function ingressRules(spec: EnvironmentSpec, groupId: string): IpPermission[] {
  const among = { UserIdGroupPairs: [{ GroupId: groupId }] };
  const port = (IpProtocol: string, from: number, to = from) => ({
    IpProtocol,
    FromPort: from,
    ToPort: to,
  });
  return [
    { ...port('tcp', 22), IpRanges: spec.sshFrom.map((CidrIp) => ({ CidrIp })) },
    ...spec.openPorts.map(([from, to]) => ({
      ...port('tcp', from, to),
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    })),
    { ...port('tcp', 2377), ...among },
    { ...port('tcp', 7946), ...among },
    { ...port('udp', 7946), ...among },
    { ...port('udp', 4789), ...among },
    { IpProtocol: '50', ...among },
  ];
}
