import type { ActionContext } from './action-context';
import { Ec2Error, invalidValue, notFound } from './ec2.error';
import type { KeyPairRecord } from './ec2.records';
import { imagesOf } from './images';
import { type InstanceType, instanceType, isOffered } from './instance-types';
import type { Params } from './params';
import { checkZone, defaultSubnets, type Subnet } from './regions';

const MAX_USER_DATA_BYTES = 16_384;
const MAX_COUNT = 1000;

export interface LaunchRequest {
  min: number;
  max: number;
  imageId: string;
  type: InstanceType;
  /** The zone that the request names, by itself or by a subnet; empty where it leaves the choice. */
  zone: string;
  /** Where to launch, the best first. */
  subnets: Subnet[];
  keyPair?: KeyPairRecord;
  groupIds: string[];
  userData?: string;
  onShutdown: 'stop' | 'delete';
  deleteVolume: boolean;
  metadataOptions: { tokens: string; hopLimit: number; endpoint: string };
}

/** RunInstances' parameters, checked as EC2 checks them. @throws Ec2Error */
export function readLaunch(context: ActionContext, params: Params): LaunchRequest {
  const { scope, store } = context;
  const imageId = params.required('ImageId');
  if (!imageId.startsWith('ami-'))
    throw new Ec2Error('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`);
  if (!imagesOf(scope.region).some((image) => image.imageId === imageId))
    throw notFound.image(imageId);
  params.required('MinCount');
  params.required('MaxCount');
  const min = params.integer('MinCount', { min: 1, max: MAX_COUNT }) ?? 1;
  const max = params.integer('MaxCount', { min: 1, max: MAX_COUNT }) ?? 1;
  if (min > max) throw invalidValue(String(min), 'minCount', 'It is more than maxCount');
  const typeName = params.string('InstanceType') ?? 't2.micro';
  const type = instanceType(typeName);
  if (!type)
    throw new Ec2Error('InvalidParameterValue', `Invalid value '${typeName}' for InstanceType.`);
  const keyName = params.string('KeyName');
  const keyPair = store.keyPairs(scope).find((pair) => pair.keyName === keyName);
  if (keyName && !keyPair) throw notFound.keyPair(keyName);
  return {
    min,
    max,
    imageId,
    type,
    ...readPlace(context, params, type),
    keyPair,
    groupIds: readGroups(context, params),
    userData: readUserData(params.string('UserData')),
    deleteVolume: readDeleteVolume(params),
    onShutdown: readShutdown(params.string('InstanceInitiatedShutdownBehavior')),
    metadataOptions: readMetadataOptions(params.struct('MetadataOptions')),
  };
}

function readPlace(
  context: ActionContext,
  params: Params,
  type: InstanceType,
): { zone: string; subnets: Subnet[] } {
  const { account, region } = context.scope;
  const all = defaultSubnets(account, region, context.plan.privateCidr);
  const subnetId =
    params.string('SubnetId') ?? params.structs('NetworkInterface')[0]?.string('SubnetId');
  const zone = params.struct('Placement').string('AvailabilityZone') ?? '';
  if (zone) {
    checkZone(region, zone);
    checkOffered(type, zone);
  }
  if (subnetId) {
    const subnet = all.find((each) => each.subnetId === subnetId);
    if (!subnet) throw notFound.subnet(subnetId);
    if (zone && zone !== subnet.zone)
      throw new Ec2Error('InvalidParameterValue', `The subnet is not in the zone ${zone}`);
    checkOffered(type, subnet.zone);
    return { zone: subnet.zone, subnets: [subnet] };
  }
  const free = (subnet: Subnet) => context.machineStore.freePrivate(subnet.cidr);
  const subnets = all.filter((each) => isOffered(type, each.zone) && (!zone || each.zone === zone));
  return { zone, subnets: subnets.sort((a, b) => free(b) - free(a)) };
}

function checkOffered(type: InstanceType, zone: string): void {
  if (!isOffered(type, zone))
    throw new Ec2Error(
      'Unsupported',
      `Your requested instance type (${type.name}) is not supported in your requested Availability Zone (${zone}).`,
    );
}

/** Of the root volume, which is the one that there is. */
function readDeleteVolume(params: Params): boolean {
  const ebs = params.structs('BlockDeviceMapping')[0]?.struct('Ebs');
  return ebs?.has('DeleteOnTermination') ? ebs.boolean('DeleteOnTermination') : true;
}

function readGroups({ scope, store }: ActionContext, params: Params): string[] {
  const groups = store.groups(scope);
  const ids = [
    ...params.list('SecurityGroupId'),
    ...(params.structs('NetworkInterface')[0]?.list('SecurityGroupId') ?? []),
  ];
  const names = params.list('SecurityGroup');
  if (ids.length + names.length === 0) names.push('default');
  const byId = ids.map((id) => {
    const group = groups.find(({ groupId }) => groupId === id);
    if (!group) throw notFound.group(id);
    return group.groupId;
  });
  const byName = names.map((name) => {
    const group = groups.find(({ groupName }) => groupName === name);
    if (!group) throw notFound.group(name);
    return group.groupId;
  });
  return [...new Set([...byId, ...byName])];
}

function readUserData(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const compact = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact))
    throw new Ec2Error('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(compact, 'base64').length > MAX_USER_DATA_BYTES)
    throw new Ec2Error(
      'InvalidParameterValue',
      `User data is limited to ${MAX_USER_DATA_BYTES} bytes`,
    );
  return compact;
}

function readShutdown(text = 'stop'): 'stop' | 'delete' {
  if (text === 'stop') return 'stop';
  if (text === 'terminate') return 'delete';
  throw invalidValue(text, 'InstanceInitiatedShutdownBehavior');
}

function readMetadataOptions(params: Params): LaunchRequest['metadataOptions'] {
  return {
    tokens: params.string('HttpTokens') ?? 'optional',
    hopLimit: params.integer('HttpPutResponseHopLimit', { min: 1, max: 64 }) ?? 1,
    endpoint: params.string('HttpEndpoint') ?? 'enabled',
  };
}
