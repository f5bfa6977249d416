import { notFound, unprocessable } from '../do.error';
import type { DropletRecord } from '../do.records';
import { machineIdOf } from '../do-store';
import { noContent, ok, type Operation, type OperationContext } from '../operation';
import { pageOf } from '../pages';
import { dropletJson, tagsOf } from '../views';

export const listDroplets: Operation = (context) => {
  const { store, account, query, now } = context;
  if (query.has('name') && query.has('tag_name'))
    throw unprocessable('name and tag_name cannot be combined');
  const type = query.get('type');
  const name = query.get('name')?.toLowerCase();
  const asked = query.get('tag_name');
  const tag = asked === null ? undefined : store.tag(account, asked)?.name;
  const shown = (droplet: DropletRecord) =>
    (name === undefined || droplet.name.toLowerCase() === name) &&
    (asked === null || (tag !== undefined && tagsOf(droplet, now).includes(tag))) &&
    type !== 'gpus';
  const chosen = visibleDroplets(context).filter(shown);
  return ok(pageOf(context, 'droplets', chosen, (droplet) => dropletJson(context, droplet)));
};

export const getDroplet: Operation = (context) =>
  ok({ droplet: dropletJson(context, requiredDroplet(context)) });

/** An action under way keeps a droplet from being deleted, as from everything else. */
export const deleteDroplet: Operation = (context) => {
  const droplet = requiredDroplet(context);
  checkUnlocked(context, droplet);
  destroy(context, droplet);
  return noContent;
};

/** Everything with the tag goes, whoever put it there. */
export const deleteDropletsByTag: Operation = (context) => {
  for (const droplet of taggedDroplets(context)) destroy(context, droplet);
  return noContent;
};

/** The account's droplets that calls know of by now, oldest first. */
function visibleDroplets({ store, account, now }: OperationContext): DropletRecord[] {
  return [...store.droplets(account)].filter(({ visibleAt }) => visibleAt <= now);
}

/** Droplets of the query's `tag_name`. @throws DoError 404 for a tag that is not there */
export function taggedDroplets(context: OperationContext): DropletRecord[] {
  const asked = context.query.get('tag_name');
  if (!asked) throw unprocessable('tag_name is required');
  const tag = context.store.tag(context.account, asked);
  if (!tag) throw notFound();
  return visibleDroplets(context).filter((droplet) =>
    tagsOf(droplet, context.now).includes(tag.name),
  );
}

/** The droplet that the path names. @throws DoError 404 */
export function requiredDroplet(context: OperationContext): DropletRecord {
  return dropletById(context, Number(context.path.droplet));
}

export function dropletById(context: OperationContext, id: number): DropletRecord {
  const found = context.store.droplet(context.account, id);
  if (!found || found.visibleAt > context.now) throw notFound();
  return found;
}

/** @throws DoError 422 */
export function checkUnlocked({ store }: OperationContext, { id }: DropletRecord): void {
  if (store.pendingAction(id)) throw unprocessable('Droplet already has a pending event.');
}

function destroy({ machines, runner, now }: OperationContext, droplet: DropletRecord): void {
  runner.vanish(droplet, now);
  machines.delete(machineIdOf(droplet.id));
}
