import type { MachineState } from '../../machines/machine';
import type { Action, ActionContext } from '../action-context';
import { Ec2Error } from '../ec2.error';
import { type Instance, instancesById, stateOf } from '../instance-view';
import type { Params } from '../params';
import type { XmlObject } from '../xml';

export const startInstances: Action = (context, params) =>
  change(context, params, ['pending', 'running', 'stopped'], ({ instanceId }) => {
    if (context.machines.start(instanceId, context.now)) note(context, instanceId, {});
  });

export const stopInstances: Action = (context, params) => {
  const force = params.boolean('Force');
  return change(context, params, ['running', 'stopping', 'stopped'], ({ instanceId }) => {
    if (context.machines.stop(instanceId, force)) byUser(context, instanceId);
  });
};

export const terminateInstances: Action = (context, params) =>
  change(context, params, undefined, ({ instanceId }) => {
    // Terminating what is terminated already is fine.
    if (context.machines.delete(instanceId)) byUser(context, instanceId);
  });

export const rebootInstances: Action = (context, params) => {
  const instances = required(context, params);
  for (const instance of instances)
    if (instance.machine.state !== 'running') throw incorrect(instance);
  // EC2 answers at once and reboots after that.
  for (const { instanceId } of instances) void context.machines.reboot(instanceId);
  return { return: true };
};

export const getConsoleOutput: Action = async (context, params) => {
  const instanceId = params.required('InstanceId');
  const [instance] = instancesById(context, [instanceId]);
  const output =
    instance && !instance.machine.virtual && context.host
      ? await context.host.containers.console(instanceId)
      : Buffer.alloc(0);
  return {
    instanceId,
    timestamp: new Date(context.now).toISOString(),
    output: output.toString('base64'),
  };
};

/** All or nothing: one instance in a wrong state, and none is changed. */
function change(
  context: ActionContext,
  params: Params,
  allowed: readonly MachineState[] | undefined,
  apply: (instance: Instance) => void,
): XmlObject {
  const instances = required(context, params);
  const wrong = instances.find(({ machine }) => allowed && !allowed.includes(machine.state));
  if (wrong) throw incorrect(wrong);
  const before = instances.map(({ machine }) => ({ ...stateOf(machine) }));
  for (const instance of instances) apply(instance);
  return {
    instancesSet: instances.map(({ instanceId, machine }, index) => ({
      instanceId,
      currentState: { ...stateOf(machine) },
      previousState: before[index],
    })),
  };
}

function required(context: ActionContext, params: Params): Instance[] {
  const ids = params.list('InstanceId');
  if (ids.length === 0)
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter InstanceId');
  return instancesById(context, [...new Set(ids)]);
}

function byUser(context: ActionContext, instanceId: string): void {
  const time = new Date(context.now).toISOString().slice(0, 19).replace('T', ' ');
  note(context, instanceId, {
    transition: `User initiated (${time} GMT)`,
    reasonCode: 'Client.UserInitiatedShutdown',
    reasonMessage: 'Client.UserInitiatedShutdown: User initiated shutdown',
  });
}

function note(
  { store, scope }: ActionContext,
  instanceId: string,
  reason: { transition?: string; reasonCode?: string; reasonMessage?: string },
): void {
  const record = store.instance(scope, instanceId);
  if (!record) return;
  const none = { transition: undefined, reasonCode: undefined, reasonMessage: undefined };
  store.putInstance(Object.assign(record, none, reason));
}

function incorrect({ instanceId, machine }: Instance): Ec2Error {
  const state = stateOf(machine).name;
  const message = `The instance '${instanceId}' is not in a state from which it can be changed so: it is ${state}.`;
  return new Ec2Error('IncorrectInstanceState', message);
}
