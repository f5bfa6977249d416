import type { ActionContext } from './action-context';
import { Ec2Error } from './ec2.error';
import { instanceType } from './instance-types';
import { withMachine } from './instance-view';
import type { LaunchRequest } from './launch-request';

/**
 * How many instances of a launch fit into the quota, at least its minimum.
 * @throws VcpuLimitExceeded, InstanceLimitExceeded
 */
export function checkQuota(context: ActionContext, launch: LaunchRequest): number {
  const quota = context.knobs.quota('ec2', context.scope.account);
  if (!quota) return launch.max;
  const counted = context.store
    .instances(context.scope)
    .flatMap((record) => withMachine(context, record))
    .filter(({ machine }) => machine.state === 'pending' || machine.state === 'running');
  const vcpus = counted.reduce(
    (sum, { instanceType: name }) => sum + (instanceType(name)?.vcpus ?? 0),
    0,
  );
  const byInstances = (quota.instances ?? Infinity) - counted.length;
  const byVcpus = Math.floor(((quota.vcpus ?? Infinity) - vcpus) / launch.type.vcpus);
  if (byVcpus < launch.min)
    throw new Ec2Error(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${quota.vcpus} allows for the instance bucket that the specified instance type belongs to.`,
    );
  if (byInstances < launch.min)
    throw new Ec2Error(
      'InstanceLimitExceeded',
      `Your quota allows for ${Math.max(0, byInstances)} more running instance(s).`,
    );
  return Math.min(launch.max, byInstances, byVcpus);
}
