import type { Action, ActionContext } from '../action-context';
import { Ec2Error, notFound } from '../ec2.error';
import { filterOf } from '../filters';
import { visibleInstances } from '../instance-view';
import { paginate } from '../pagination';
import type { Params } from '../params';
import { checkCount, readTags } from '../tags';
import { requiredVolume } from './volumes';

interface TaggedResource {
  tags: Record<string, string>;
  save: () => void;
}

interface TagRow {
  resourceId: string;
  resourceType: string;
  key: string;
  value: string;
}

export const createTags: Action = (context, params) => {
  const added = readTags(params);
  if (Object.keys(added).length === 0)
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter Tag');
  const resources = requiredResources(context, params);
  for (const { tags } of resources) checkCount({ ...tags, ...added });
  for (const { tags, save } of resources) {
    Object.assign(tags, added);
    save();
  }
  return { return: true };
};

/** Without a list of tags all of them go; with a value, only where the tag has that value. */
export const deleteTags: Action = (context, params) => {
  const given = params.structs('Tag');
  for (const { tags, save } of requiredResources(context, params)) {
    for (const key of given.length > 0 ? [] : Object.keys(tags)) Reflect.deleteProperty(tags, key);
    for (const tag of given) {
      const key = tag.required('Key');
      const value = tag.string('Value');
      if (value === undefined || tags[key] === value) Reflect.deleteProperty(tags, key);
    }
    save();
  }
  return { return: true };
};

export const describeTags: Action = (context, params) => {
  const { store, scope } = context;
  const rows = [
    ...visibleInstances(context).flatMap((each) => rowsOf(each.instanceId, 'instance', each.tags)),
    ...store.keyPairs(scope).flatMap((each) => rowsOf(each.keyPairId, 'key-pair', each.tags)),
    ...store.groups(scope).flatMap((each) => rowsOf(each.groupId, 'security-group', each.tags)),
    ...store.volumes(scope).flatMap((each) => rowsOf(each.volumeId, 'volume', each.tags)),
  ];
  const matches = filterOf<TagRow>(
    params,
    {
      'resource-id': ({ resourceId }) => [resourceId],
      'resource-type': ({ resourceType }) => [resourceType],
      key: ({ key }) => [key],
      value: ({ value }) => [value],
    },
    ({ key, value }) => ({ [key]: value }),
  );
  const keyOf = ({ resourceId, key }: TagRow) => `${resourceId} ${key}`;
  const chosen = rows.filter(matches).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = paginate(params, chosen, keyOf);
  return { tagSet: page.items.map((row) => ({ ...row })), nextToken: page.nextToken };
};

function rowsOf(resourceId: string, resourceType: string, tags: Record<string, string>): TagRow[] {
  return Object.entries(tags).map(([key, value]) => ({ resourceId, resourceType, key, value }));
}

function requiredResources(context: ActionContext, params: Params): TaggedResource[] {
  const ids = params.list('ResourceId');
  if (ids.length === 0)
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter ResourceId');
  return ids.map((id) => findResource(context, id));
}

function findResource({ store, scope, now }: ActionContext, id: string): TaggedResource {
  if (id.startsWith('i-')) {
    const record = store.instance(scope, id);
    if (!record || record.visibleAt > now) throw notFound.instance([id]);
    return { tags: record.tags, save: () => store.putInstance(record) };
  }
  if (id.startsWith('key-')) {
    const record = store.keyPairs(scope).find(({ keyPairId }) => keyPairId === id);
    if (!record) throw notFound.keyPair(id);
    return { tags: record.tags, save: () => store.putKeyPair(record) };
  }
  if (id.startsWith('sg-')) {
    const record = store.groups(scope).find(({ groupId }) => groupId === id);
    if (!record) throw notFound.group(id);
    return { tags: record.tags, save: () => store.putGroup(record) };
  }
  if (id.startsWith('vol-')) {
    const record = requiredVolume({ store, scope }, id);
    return { tags: record.tags, save: () => store.putVolume(record) };
  }
  throw new Ec2Error('InvalidID', `The ID '${id}' is not valid`);
}
