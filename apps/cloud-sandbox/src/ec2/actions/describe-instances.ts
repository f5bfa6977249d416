import type { Action } from '../action-context';
import { Ec2Error } from '../ec2.error';
import { type FilterFields, filterOf } from '../filters';
import { instancesById, visibleInstances } from '../instance-view';
import { type Instance, privateDns, publicDns, stateOf } from '../instance-view';
import { paginate } from '../pagination';
import type { Params } from '../params';
import { reservationView } from '../reservation-view';

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export const INSTANCE_FILTERS: FilterFields<Instance> = {
  'instance-id': ({ instanceId }) => [instanceId],
  'instance-state-name': ({ machine }) => [stateOf(machine).name],
  'instance-state-code': ({ machine }) => [String(stateOf(machine).code)],
  'instance-type': (instance) => [instance.instanceType],
  'image-id': ({ imageId }) => [imageId],
  'key-name': ({ keyName }) => [keyName],
  'client-token': ({ clientToken }) => [clientToken],
  'availability-zone': ({ zone }) => [zone],
  'reservation-id': ({ reservationId }) => [reservationId],
  'owner-id': ({ account }) => [account],
  'vpc-id': ({ vpcId }) => [vpcId],
  'subnet-id': ({ subnetId }) => [subnetId],
  'instance.group-id': ({ groupIds }) => groupIds,
  'network-interface.group-id': ({ groupIds }) => groupIds,
  'private-ip-address': ({ machine }) => [machine.privateAddress],
  'ip-address': ({ machine }) => [machine.publicAddress],
  'private-dns-name': (instance) => [privateDns(instance)],
  'dns-name': (instance) => [publicDns(instance)],
  'launch-index': ({ launchIndex }) => [String(launchIndex)],
  'launch-time': ({ machine }) => [new Date(machine.launchedAt).toISOString()],
  architecture: () => ['x86_64'],
  hypervisor: () => ['xen'],
  'root-device-type': () => ['ebs'],
  'virtualization-type': () => ['hvm'],
  tenancy: () => ['default'],
};

export const describeInstances: Action = (context, params) => {
  const ids = requestedIds(params);
  const found = ids.length > 0 ? instancesById(context, ids) : visibleInstances(context);
  const chosen = found.filter(filterOf(params, INSTANCE_FILTERS, ({ tags }) => tags));
  const page = paginate(params, chosen, ({ order }) => order);
  const reservations = new Map<string, Instance[]>();
  for (const instance of page.items) {
    const { reservationId } = instance;
    const group = reservations.get(reservationId);
    if (group) group.push(instance);
    else reservations.set(reservationId, [instance]);
  }
  const view = reservationView(context);
  return {
    reservationSet: [...reservations].map(([id, group]) => view(id, group)),
    nextToken: page.nextToken,
  };
};

/** Ids asked for, which exclude pages. @throws InvalidParameterCombination */
export function requestedIds(params: Params): string[] {
  const ids = [...new Set(params.list('InstanceId'))];
  if (ids.length > 0 && params.has('MaxResults'))
    throw new Ec2Error(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  return ids;
}
