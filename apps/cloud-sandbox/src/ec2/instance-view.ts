import type { Machine, MachineState } from '../machines/machine';
import { INSTANCE_TYPES, instanceType } from './instance-types';
import type { ActionContext } from './action-context';
import { Ec2Error, notFound } from './ec2.error';
import type { InstanceRecord, VolumeRecord } from './ec2.records';
import type { XmlObject } from './xml';

export const ROOT_DEVICE = '/dev/xvda';

/** An instance with its machine. */
export interface Instance extends InstanceRecord {
  machine: Machine;
}

const STATES: Record<MachineState, { code: number; name: string }> = {
  pending: { code: 0, name: 'pending' },
  running: { code: 16, name: 'running' },
  deleting: { code: 32, name: 'shutting-down' },
  deleted: { code: 48, name: 'terminated' },
  stopping: { code: 64, name: 'stopping' },
  stopped: { code: 80, name: 'stopped' },
};

export function stateOf(machine: Machine): { code: number; name: string } {
  return STATES[machine.state];
}

/** The scope's instances that can be seen by now, in the order of their launches. */
export function visibleInstances(context: ActionContext): Instance[] {
  return context.store
    .instances(context.scope)
    .filter((record) => record.visibleAt <= context.now)
    .flatMap((record) => withMachine(context, record));
}

export function withMachine(
  { machineStore }: Pick<ActionContext, 'machineStore'>,
  record: InstanceRecord,
): Instance[] {
  const machine = machineStore.find(record.instanceId);
  return machine ? [{ ...record, machine }] : [];
}

/** Instances by id, in the order asked. @throws InvalidInstanceID.NotFound or .Malformed */
export function instancesById(context: ActionContext, ids: readonly string[]): Instance[] {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined)
    throw new Ec2Error('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const records = new Map(
    ids.map((id) => [id, context.store.instance(context.scope, id)] as const),
  );
  const missing = [...records]
    .filter(([, record]) => !record || record.visibleAt > context.now)
    .map(([id]) => id);
  if (missing.length > 0) throw notFound.instance(missing);
  return [...records.values()].flatMap((record) => (record ? withMachine(context, record) : []));
}

export function privateDns({ region, machine }: Instance): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `${machine.hostname}.${domain}`;
}

export function publicDns({ region, machine }: Instance): string {
  if (!machine.publicAddress) return '';
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`;
  return `ec2-${machine.publicAddress.replaceAll('.', '-')}.${domain}.amazonaws.com`;
}

/** An `<item>` of an instancesSet. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
export function instanceXml(
  instance: Instance,
  groupName: (id: string) => string,
  volume: VolumeRecord | undefined,
): XmlObject {
  const { machine } = instance;
  const isGone = machine.state === 'deleted';
  const type = instanceType(instance.instanceType) ?? INSTANCE_TYPES[0];
  const groups = instance.groupIds.map((groupId) => ({ groupId, groupName: groupName(groupId) }));
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: { ...stateOf(machine) },
    privateDnsName: isGone ? '' : privateDns(instance),
    dnsName: isGone ? '' : publicDns(instance),
    reason: instance.transition ?? '',
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: new Date(machine.launchedAt).toISOString(),
    placement: { availabilityZone: instance.zone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId: isGone ? undefined : instance.subnetId,
    vpcId: isGone ? undefined : instance.vpcId,
    privateIpAddress: isGone ? undefined : machine.privateAddress,
    ipAddress: machine.publicAddress,
    sourceDestCheck: true,
    groupSet: isGone ? [] : groups,
    stateReason: stateReason(instance),
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: ROOT_DEVICE,
    blockDeviceMapping: isGone ? [] : rootMapping(instance, volume),
    virtualizationType: 'hvm',
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(instance.tags),
    hypervisor: 'xen',
    networkInterfaceSet: [],
    ebsOptimized: false,
    enaSupport: true,
    cpuOptions: { coreCount: type?.cores, threadsPerCore: type && type.vcpus / type.cores },
    metadataOptions: {
      state: 'applied',
      httpTokens: instance.metadataOptions.tokens,
      httpPutResponseHopLimit: instance.metadataOptions.hopLimit,
      httpEndpoint: instance.metadataOptions.endpoint,
    },
  };
}

export function tagSet(tags: Record<string, string>): XmlObject[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function rootMapping({ machine }: Instance, volume: VolumeRecord | undefined): XmlObject[] {
  if (!volume) return [];
  const { volumeId, createdAt, deleteOnTermination } = volume;
  const status = machine.state === 'pending' ? 'attaching' : 'attached';
  const attachTime = new Date(createdAt).toISOString();
  return [{ deviceName: ROOT_DEVICE, ebs: { volumeId, status, attachTime, deleteOnTermination } }];
}

function stateReason({ machine, reasonCode, reasonMessage }: Instance): XmlObject | undefined {
  if (machine.failure) return { code: machine.failure.code, message: machine.failure.message };
  if (!reasonCode || machine.state === 'pending' || machine.state === 'running') return undefined;
  return { code: reasonCode, message: reasonMessage };
}
