import { notFound, unprocessable } from '../do.error';
import type { DoTagRecord, DropletRecord } from '../do.records';
import { Fields } from '../fields';
import { created, noContent, ok, type Operation, type OperationContext } from '../operation';
import { pageOf } from '../pages';
import { checkTagName } from '../tag-names';
import { tagsOf } from '../views';
import { dropletById } from './droplets';

interface Uses {
  count: number;
  last?: number;
}

export const listTags: Operation = (context) => {
  const uses = usesOf(context);
  const tags = context.store.tags(context.account);
  return ok(pageOf(context, 'tags', tags, (tag) => tagJson(context, tag, uses)));
};

/** A tag that is there already is answered as it is. */
export const createTag: Operation = (context) => {
  const name = new Fields(context.body).required('name');
  checkTagName(name);
  const tag = context.store.ensureTag(context.account, name);
  return created({ tag: tagJson(context, tag, usesOf(context)) });
};

export const getTag: Operation = (context) =>
  ok({ tag: tagJson(context, requiredTag(context), usesOf(context)) });

/** Takes the tag off everything that has it, firewalls and their rules too. */
export const deleteTag: Operation = (context) => {
  const { store, account } = context;
  const tag = requiredTag(context);
  for (const droplet of store.droplets(account)) untag(context, droplet, tag.name);
  for (const firewall of store.firewalls(account)) {
    firewall.tags = without(firewall.tags, tag.name);
    for (const { target } of [...firewall.inbound, ...firewall.outbound])
      if (target.tags) target.tags = without(target.tags, tag.name);
    store.putFirewall(firewall);
  }
  store.forgetTag(tag);
  return noContent;
};

export const tagResources: Operation = (context) => {
  const tag = requiredTag(context);
  for (const droplet of requiredResources(context)) {
    if (!droplet.tags.includes(tag.name)) droplet.tags.push(tag.name);
    context.store.putDroplet(droplet);
  }
  return noContent;
};

export const untagResources: Operation = (context) => {
  const tag = requiredTag(context);
  for (const droplet of requiredResources(context)) untag(context, droplet, tag.name);
  return noContent;
};

function untag({ store }: OperationContext, droplet: DropletRecord, name: string): void {
  if (!droplet.tags.includes(name)) return;
  store.putDroplet(Object.assign(droplet, { tags: without(droplet.tags, name) }));
}

const without = (names: readonly string[], name: string) => names.filter((each) => each !== name);

/** Droplets are what can be tagged here. All or nothing. */
function requiredResources(context: OperationContext): DropletRecord[] {
  return new Fields(context.body).objects('resources').map((resource) => {
    const type = resource.string('resource_type');
    if (type !== 'droplet') throw unprocessable(`${type} is not a resource type`);
    return dropletById(context, Number(resource.name('resource_id')));
  });
}

function requiredTag({ store, account, path }: OperationContext): DoTagRecord {
  const tag = store.tag(account, path.tag ?? '');
  if (!tag) throw notFound();
  return tag;
}

/** How many droplets have each tag, in one look at them. */
function usesOf({ store, account, now }: OperationContext): Map<string, Uses> {
  const uses = new Map<string, Uses>();
  for (const droplet of store.droplets(account))
    for (const tag of tagsOf(droplet, now)) {
      const use = uses.get(tag) ?? { count: 0 };
      uses.set(tag, { count: use.count + 1, last: droplet.id });
    }
  return uses;
}

function tagJson({ url }: OperationContext, { name }: DoTagRecord, uses: Map<string, Uses>) {
  const { count, last } = uses.get(name) ?? { count: 0 };
  const base = url.slice(0, url.indexOf('/v2/') + 3);
  const used = { count, ...(last && { last_tagged_uri: `${base}/droplets/${last}` }) };
  const none = { count: 0 };
  const rest = { images: none, volumes: none, volume_snapshots: none, databases: none };
  return { name, resources: { ...used, droplets: used, ...rest } };
}
