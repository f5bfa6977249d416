import { createHash, randomBytes } from 'node:crypto';
import type { MachineFailure } from '../../machines/machine';
import type { Action, ActionContext } from '../action-context';
import { Ec2Error } from '../ec2.error';
import type { InstanceRecord, VolumeRecord } from '../ec2.records';
import { withMachine } from '../instance-view';
import { type LaunchRequest, readLaunch } from '../launch-request';
import type { Params } from '../params';
import { checkQuota } from '../quota';
import { reservationView } from '../reservation-view';
import { specifiedTags } from '../tags';

const MAX_TOKEN_LENGTH = 64;
const VIRTUAL_TAG = 'cloudhero:virtual';

/**
 * Launches instances, or answers with the ones that the same token launched before.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export const runInstances: Action = (context, params) => {
  const { scope, store, now } = context;
  const launch = readLaunch(context, params);
  const token = params.string('ClientToken');
  if (token !== undefined && !/^[\x21-\x7e]{1,64}$/.test(token))
    throw new Ec2Error(
      'InvalidParameterValue',
      `ClientToken: 1 to ${MAX_TOKEN_LENGTH} ASCII characters`,
    );
  const digest = digestOf(params);
  const before = token && store.token(scope, launch.zone, token);
  if (before) {
    if (before.digest !== digest)
      throw new Ec2Error(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    const records = before.instanceIds.flatMap((id) => store.instance(scope, id) ?? []);
    return reservation(context, before.reservationId, records);
  }
  const count = checkQuota(context, launch);
  const reservationId = `r-${randomBytes(9).toString('hex').slice(1)}`;
  const records = launchAll(context, params, launch, count, reservationId);
  const instanceIds = records.map(({ instanceId }) => instanceId);
  if (token)
    store.putToken(scope, launch.zone, token, {
      digest,
      reservationId,
      instanceIds,
      createdAt: now,
    });
  return reservation(context, reservationId, records);
};

function launchAll(
  context: ActionContext,
  params: Params,
  launch: LaunchRequest,
  wanted: number,
  reservationId: string,
): InstanceRecord[] {
  const { scope, store, machines, machineStore, knobs, now } = context;
  // EC2 puts all of one launch into one zone where it has room.
  const subnet =
    launch.subnets.find(({ cidr }) => machineStore.freePrivate(cidr) >= wanted) ??
    launch.subnets[0];
  const room = subnet ? Math.min(wanted, machineStore.freePrivate(subnet.cidr)) : 0;
  if (!subnet || room < launch.min)
    throw new Ec2Error(
      'InsufficientFreeAddressesInSubnet',
      'There are not enough free addresses in the subnet',
    );
  const tags = specifiedTags(params, 'instance');
  const virtual = isVirtual(context, launch, tags);
  const failure = failureOf(context, launch, subnet.zone);
  const volumeTags = specifiedTags(params, 'volume');
  const records = Array.from({ length: room }, (_, launchIndex): InstanceRecord => ({
    ...scope,
    instanceId: `i-0${randomBytes(8).toString('hex')}`,
    reservationId,
    order: store.nextOrder(),
    launchIndex,
    imageId: launch.imageId,
    instanceType: launch.type.name,
    zone: subnet.zone,
    volumeId: `vol-0${randomBytes(8).toString('hex')}`,
    subnetId: subnet.subnetId,
    subnetCidr: subnet.cidr,
    vpcId: subnet.vpcId,
    keyName: launch.keyPair?.keyName,
    groupIds: launch.groupIds,
    clientToken: params.string('ClientToken'),
    tags: { ...tags },
    metadataOptions: launch.metadataOptions,
    visibleAt: now + knobs.current.visibilityDelayMs,
  }));
  const specs = records.map((record) => {
    store.putInstance(record);
    store.putVolume(volumeOf(record, launch, volumeTags, now));
    const privateAddress = machineStore.takePrivate(subnet.cidr) ?? '';
    return {
      id: record.instanceId,
      virtual,
      hostname: `ip-${privateAddress.replaceAll('.', '-')}`,
      privateAddress,
      // Nobody reads it in a machine without a container, and it is most of a record.
      userData: virtual ? undefined : launch.userData,
      publicKeys: launch.keyPair ? [launch.keyPair.publicKey] : [],
      onShutdown: launch.onShutdown,
      failure,
    };
  });
  machines.launch(specs, now);
  return records;
}

function isVirtual(
  { host, knobs }: ActionContext,
  { userData }: LaunchRequest,
  tags: Record<string, string>,
): boolean {
  if (!host || knobs.current.virtual || tags[VIRTUAL_TAG] === 'true') return true;
  return Buffer.from(userData ?? '', 'base64').includes(`${VIRTUAL_TAG}=true`);
}

function volumeOf(
  { account, region, instanceId, volumeId = '', zone }: InstanceRecord,
  { deleteVolume }: LaunchRequest,
  tags: Record<string, string>,
  now: number,
): VolumeRecord {
  const deleteOnTermination = deleteVolume;
  const place = { account, region, instanceId, volumeId, zone };
  return { ...place, createdAt: now, deleteOnTermination, tags: { ...tags } };
}

/** Why the instances are to end instead of running, if so. @throws InsufficientInstanceCapacity */
function failureOf(
  { knobs, scope }: ActionContext,
  { type }: LaunchRequest,
  zone: string,
): MachineFailure | undefined {
  const { account, region } = scope;
  const exhausted = knobs.exhausted({ cloud: 'ec2', account, region, zone, size: type.name });
  const message = `We currently do not have sufficient ${type.name} capacity in the Availability Zone you requested (${zone}).`;
  if (exhausted?.asynchronous) return { code: 'Server.InsufficientInstanceCapacity', message };
  if (exhausted) throw new Ec2Error('InsufficientInstanceCapacity', message, 500);
  const knob = knobs.nextError({ cloud: 'ec2', account, action: 'RunInstances' }, true);
  if (!knob) return undefined;
  const code = knob.code.includes('.') ? knob.code : `Server.${knob.code}`;
  return { code, message: knob.message ?? `${code}: injected by a knob` };
}

function digestOf(params: Params): string {
  const named = params.sorted().filter(([name]) => name !== 'ClientToken');
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url');
}

function reservation(context: ActionContext, id: string, records: readonly InstanceRecord[]) {
  const instances = records.flatMap((record) => withMachine(context, record));
  return reservationView(context)(id, instances);
}
