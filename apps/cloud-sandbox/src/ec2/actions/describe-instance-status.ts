import type { Action } from '../action-context';
import { filterOf } from '../filters';
import { type Instance, instancesById, stateOf, visibleInstances } from '../instance-view';
import { paginate } from '../pagination';
import type { XmlObject } from '../xml';
import { INSTANCE_FILTERS, requestedIds } from './describe-instances';

/** How long the checks of a machine that has just started take; minutes on AWS. */
const CHECKS_MS = 5000;

export const describeInstanceStatus: Action = (context, params) => {
  const ids = requestedIds(params);
  const found = ids.length > 0 ? instancesById(context, ids) : visibleInstances(context);
  const all = params.boolean('IncludeAllInstances');
  const shown = found.filter(({ machine }) => all || machine.state === 'running');
  const check = (instance: Instance) => checkOf(instance, context.now);
  const fields = {
    ...INSTANCE_FILTERS,
    'instance-status.status': (instance: Instance) => [check(instance)],
    'system-status.status': (instance: Instance) => [check(instance)],
  };
  const chosen = shown.filter(filterOf(params, fields, ({ tags }) => tags));
  const page = paginate(params, chosen, ({ order }) => order);
  return {
    instanceStatusSet: page.items.map((instance) => ({
      instanceId: instance.instanceId,
      availabilityZone: instance.zone,
      instanceState: { ...stateOf(instance.machine) },
      systemStatus: summary(check(instance)),
      instanceStatus: summary(check(instance)),
    })),
    nextToken: page.nextToken,
  };
};

function checkOf({ machine }: Instance, now: number): string {
  if (machine.state !== 'running') return 'not-applicable';
  return now - (machine.runningAt ?? now) < CHECKS_MS ? 'initializing' : 'ok';
}

function summary(status: string): XmlObject {
  const result = status === 'ok' ? 'passed' : status;
  const details = status === 'not-applicable' ? [] : [{ name: 'reachability', status: result }];
  return { status, details };
}
