import type { Instance, InstanceStateChange } from '@aws-sdk/client-ec2';
import type { ObservedServer, ServerState } from '@cloudhero/domain';
import type { StateChange } from '../../cloud-driver';
import { TAG } from '../../cloud-tags';

/** The high byte of a state's code is for AWS's own use: mask it. */
const STATES: Record<number, ServerState> = {
  0: 'pending',
  16: 'running',
  32: 'shutting-down',
  48: 'terminated',
  64: 'stopping',
  80: 'stopped',
};

function state(code: number | undefined): ServerState {
  return STATES[(code ?? 0) & 0xff] ?? 'pending';
}

/** Reasons of the cloud's own begin with `Server.`; those with `Client.` were somebody's wish. */
function lostFor(reason: string | undefined): ObservedServer['lostFor'] {
  if (reason === 'Server.InsufficientInstanceCapacity') return 'capacity';
  return reason?.startsWith('Server.') ? 'other' : undefined;
}

/** An EC2 instance in our words. */
export function asServer(instance: Instance): ObservedServer {
  const tags = new Map(instance.Tags?.map(({ Key, Value }) => [Key, Value]));
  const known = {
    launchId: tags.get(TAG.launch),
    environmentId: tags.get(TAG.environment),
    name: tags.get('Name'),
    publicIp: instance.PublicIpAddress,
    privateIp: instance.PrivateIpAddress,
    image: instance.ImageId,
    size: instance.InstanceType,
    zone: instance.Placement?.AvailabilityZone,
    lostFor: lostFor(instance.StateReason?.Code),
  };
  const given = Object.entries(known).filter(([, value]) => value);
  return {
    id: instance.InstanceId ?? '',
    state: state(instance.State?.Code),
    ...(Object.fromEntries(given) as Partial<ObservedServer>),
  };
}

/** The answer of a stop, start or terminate in our words. */
export function asStateChanges(changes: InstanceStateChange[] = []): StateChange[] {
  return changes.map((change) => ({
    id: change.InstanceId ?? '',
    previous: state(change.PreviousState?.Code),
    current: state(change.CurrentState?.Code),
  }));
}
