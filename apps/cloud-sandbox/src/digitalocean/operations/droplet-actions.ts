import { notFound, unprocessable } from '../do.error';
import type { ActionRecord, ActionType, DropletRecord } from '../do.records';
import { machineIdOf } from '../do-store';
import { Fields } from '../fields';
import { created, ok, type Operation, type OperationContext } from '../operation';
import { pageOf } from '../pages';
import { actionJson, statusOf } from '../views';
import { checkUnlocked, requiredDroplet, taggedDroplets } from './droplets';

/** What a droplet must be for an action, and DigitalOcean's words where it is not. */
const NEEDS: Record<Exclude<ActionType, 'create'>, { status?: 'active' | 'off'; else: string }> = {
  power_on: { status: 'off', else: 'Droplet is already powered on.' },
  power_off: { status: 'active', else: 'Droplet is already powered off.' },
  shutdown: { status: 'active', else: 'Droplet is already powered off.' },
  power_cycle: { status: 'active', else: 'Droplet is currently off.' },
  reboot: { status: 'active', else: 'Droplet is currently off.' },
  rename: { else: '' },
};

const ERRORED_AFTER_MS = 100;

export const postDropletAction: Operation = (context) => {
  const droplet = requiredDroplet(context);
  const fields = new Fields(context.body);
  return created({ action: actionJson(begin(context, droplet, fields)) });
};

/** On every droplet of the tag that can do it; the others are passed over. */
export const postActionsByTag: Operation = (context) => {
  const fields = new Fields(context.body);
  const type = readType(fields);
  const able = taggedDroplets(context).filter(
    (droplet) => !context.store.pendingAction(droplet.id) && suits(context, droplet, type),
  );
  return created({
    actions: able.map((droplet) => actionJson(begin(context, droplet, fields))),
  });
};

export const listDropletActions: Operation = (context) => {
  const { id } = requiredDroplet(context);
  const all = context.store.actions(context.account).filter(({ dropletId }) => dropletId === id);
  return ok(pageOf(context, 'actions', all, actionJson));
};

export const getDropletAction: Operation = (context) => {
  const { id } = requiredDroplet(context);
  const action = requiredAction(context);
  if (action.dropletId !== id) throw notFound();
  return ok({ action: actionJson(action) });
};

export const listActions: Operation = (context) =>
  ok(pageOf(context, 'actions', context.store.actions(context.account), actionJson));

export const getAction: Operation = (context) =>
  ok({ action: actionJson(requiredAction(context)) });

function begin(context: OperationContext, droplet: DropletRecord, fields: Fields): ActionRecord {
  const { account, knobs, runner, store, now } = context;
  const type = readType(fields);
  checkUnlocked(context, droplet);
  if (!suits(context, droplet, type)) throw unprocessable(NEEDS[type].else);
  const call = { cloud: 'digital_ocean', account, action: 'droplets.action' } as const;
  const ignoredMs = type === 'shutdown' ? knobs.shutdownIgnoredMs(account) : undefined;
  const failsAfter = ignoredMs ?? (knobs.nextError(call, true) && ERRORED_AFTER_MS);
  if (type === 'rename' && failsAfter === undefined)
    store.putDroplet(Object.assign(droplet, { name: fields.required('name') }));
  const action = runner.begin(
    droplet,
    type,
    now,
    failsAfter === undefined ? undefined : { endsAt: now + failsAfter, endsWith: 'errored' },
  );
  runner.advance(action);
  return action;
}

function suits(
  { machineStore }: OperationContext,
  droplet: DropletRecord,
  type: keyof typeof NEEDS,
): boolean {
  const { status } = NEEDS[type];
  const machine = machineStore.find(machineIdOf(droplet.id));
  return status === undefined || (machine !== undefined && statusOf(machine) === status);
}

function readType(fields: Fields): keyof typeof NEEDS {
  const type = fields.required('type');
  if (type in NEEDS) return type as keyof typeof NEEDS;
  throw unprocessable(`${type} is not an action that the sandbox has`);
}

function requiredAction({ store, account, path }: OperationContext): ActionRecord {
  const action = store.action(account, Number(path.action));
  if (!action) throw notFound();
  return action;
}
