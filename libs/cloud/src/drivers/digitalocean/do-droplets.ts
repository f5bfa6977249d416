import type { Action, Droplet } from 'digitalocean-js';
import type { ObservedServer, ServerState } from '@cloudhero/domain';
import { digitalOcean } from './do-client';
import { isNotFound } from './do-errors';
import type { DoMarks } from './do-marks';
import { readAll, readPage, type Query } from './do-pages';
import { atOnce } from './at-once';

/** What we read of a droplet. */
export type DropletView = Pick<
  Droplet,
  'id' | 'name' | 'status' | 'locked' | 'size_slug' | 'networks' | 'tags'
> & { image: { id: number; slug: string | null } | null; region: { slug: string } };

/** Newest actions of each droplet, the newest first. */
export type ActionsOf = ReadonlyMap<number, readonly Action[]>;

export function listDroplets(query: Query): Promise<Droplet[]> {
  return readAll<Droplet>('/droplets', 'droplets', query);
}

/** Droplets by id, asked for one by one; those that are not known are left out. */
export async function getDroplets(ids: readonly number[]): Promise<Droplet[]> {
  const answers = await atOnce(ids, async (id) => {
    try {
      const droplet: Droplet | undefined = await digitalOcean.droplets.getExistingDroplet(id);
      if (!droplet) throw new Error('The answer has no droplet.');
      return droplet;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
  return answers.filter((droplet) => droplet !== undefined);
}

/**
 * The account's newest actions by droplet: one call says of all droplets what is being done to them.
 * A page is two hundred, and an account can make no more calls than 250 a minute.
 */
export async function newestActions(): Promise<ActionsOf> {
  const { items } = await readPage<Action>('/actions', 'actions', {}, 1);
  const actions = new Map<number, Action[]>();
  const ofDroplets = items.filter(({ resource_type: type }) => type === 'droplet');
  for (const action of ofDroplets.sort((a, b) => b.id - a.id)) {
    const known = actions.get(action.resource_id);
    if (known) known.push(action);
    else actions.set(action.resource_id, [action]);
  }
  return actions;
}

/** Whether a droplet's status alone does not tell what it is. */
export function isInMotion({ locked, status }: DropletView): boolean {
  return locked || status === 'new';
}

/** DigitalOcean has four words, and says with actions what it is about to do. */
export function stateOf(droplet: DropletView, actions: readonly Action[] = []): ServerState {
  const underWay = (...types: string[]) =>
    actions.some(({ status, type }) => status === 'in-progress' && types.includes(type));
  if (underWay('destroy')) return 'shutting-down';
  if (droplet.status === 'new') return isStillborn(actions) ? 'terminated' : 'pending';
  if (droplet.status === 'active')
    return underWay('shutdown', 'power_off') ? 'stopping' : 'running';
  return underWay('power_on') ? 'pending' : 'stopped';
}

/**
 * The creation was accepted, and then came to nothing. The API does not say why; want of room is by far
 * the likeliest, and another size the best that can be tried.
 */
function isStillborn(actions: readonly Action[]): boolean {
  return actions.some(({ type, status }) => type === 'create' && status === 'errored');
}

/** Those of `ids` that never came to be. Calls do not know them, but their creation is on record. */
export function stillbornAmong(ids: readonly number[], actions: ActionsOf): ObservedServer[] {
  return ids
    .filter((id) => isStillborn(actions.get(id) ?? []))
    .map((id) => ({ id: String(id), state: 'terminated', lostFor: 'capacity' }));
}

/** A droplet in our words. @param actions of this droplet, where it is in motion */
export function asServer(
  droplet: DropletView,
  marks: DoMarks,
  actions: readonly Action[] = [],
): ObservedServer {
  const tags = droplet.tags.map((tag) => marks.readTag(tag));
  const address = (type: string) =>
    droplet.networks?.v4.find((network) => network.type === type)?.ip_address;
  const known = {
    launchId: tags.find((tag) => tag?.launchId)?.launchId,
    environmentId: tags.find((tag) => tag)?.environmentId,
    name: droplet.name,
    publicIp: address('public'),
    privateIp: address('private'),
    image: droplet.image?.slug ?? droplet.image?.id.toString(),
    size: droplet.size_slug,
    lostFor: stateOf(droplet, actions) === 'terminated' ? 'capacity' : undefined,
  };
  const given = Object.entries(known).filter(([, value]) => value);
  return {
    id: String(droplet.id),
    state: stateOf(droplet, actions),
    ...(Object.fromEntries(given) as Partial<ObservedServer>),
  };
}
