import { CloudHeroError, type ServerState } from '@cloudhero/domain';
import type { Action, Droplet } from 'digitalocean-js';
import type { StateChange } from '../../cloud-driver';
import { atOnce } from './at-once';
import { digitalOcean } from './do-client';
import { getDroplets, listDroplets, newestActions, stateOf } from './do-droplets';
import { asCloudError, isNotFound } from './do-errors';

/** A guest that has not heeded a shutdown by then is switched off. */
const SHUTDOWN_TAKES_MS = 60_000;
/** A shutdown that is longer ago was another story. */
const FORGOTTEN_AFTER_MS = 600_000;
/** From so many on, one list is cheaper than a call for each. */
const WORTH_A_LIST = 10;

type Turn = (droplet: Droplet, actions: readonly Action[]) => Promise<ServerState>;

/** Stops droplets: politely first, then by the switch. */
export function stopDroplets(ids: readonly string[], mark: string): Promise<StateChange[]> {
  return change(ids, mark, turnOff);
}

export function startDroplets(ids: readonly string[], mark: string): Promise<StateChange[]> {
  return change(ids, mark, turnOn);
}

/** Deletes droplets by their ids: a tag could be on something that is not ours. */
export async function deleteDroplets(ids: readonly string[], mark: string): Promise<StateChange[]> {
  const states = new Map((await look(ids, mark)).map((it) => [String(it.id), stateOf(it)]));
  const results = await atOnce(ids, (id) =>
    settled(async () => {
      try {
        // Also what the look did not show: a droplet that was just made may not be known yet.
        await digitalOcean.droplets.deleteDroplet(Number(id));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
      return { id, previous: states.get(id) ?? 'pending', current: 'shutting-down' as const };
    }),
  );
  return answersOf(results);
}

const turnOff: Turn = async (droplet, actions) => {
  const state = stateOf(droplet, actions);
  if (state === 'stopped' || state === 'shutting-down' || state === 'terminated') return state;
  const [last] = actions.filter(({ type }) => POWER.has(type));
  if (!mustBeForced(last)) {
    if (state === 'stopping') return state;
    return unlessAlready('stopped', droplet, async () => {
      await digitalOcean.dropletActions.shutdownDroplet(droplet.id);
      return 'stopping';
    });
  }
  return unlessAlready('stopped', droplet, async () => {
    try {
      await digitalOcean.dropletActions.powerOffDroplet(droplet.id);
    } catch (error) {
      // The shutdown still holds the droplet; the next look finds it off, or free to be switched off.
      if (state !== 'stopping' || asCloudError(error).code !== 'conflict') throw error;
    }
    return 'stopping';
  });
};

const POWER: ReadonlySet<string> = new Set(['shutdown', 'power_off', 'power_on', 'reboot']);

/** Whether the last change of power was a stop that has not come to anything. */
function mustBeForced(last: Action | undefined): boolean {
  if (!last) return false;
  const age = Date.now() - Date.parse(last.started_at);
  if (last.type === 'power_off') return last.status === 'errored' && age < FORGOTTEN_AFTER_MS;
  if (last.type !== 'shutdown' || age > FORGOTTEN_AFTER_MS) return false;
  return last.status !== 'in-progress' || age > SHUTDOWN_TAKES_MS;
}

const turnOn: Turn = async (droplet, actions) => {
  const state = stateOf(droplet, actions);
  if (state === 'stopping')
    throw new CloudHeroError('conflict', 'DigitalOcean is still stopping the droplet.');
  if (state !== 'stopped') return state;
  return unlessAlready('running', droplet, async () => {
    await digitalOcean.dropletActions.powerOnDroplet(droplet.id);
    return 'pending';
  });
};

/** A refusal may be because the droplet has come to that by itself since it was looked at. */
async function unlessAlready(
  wanted: ServerState,
  { id }: Droplet,
  work: () => Promise<ServerState>,
): Promise<ServerState> {
  try {
    return await work();
  } catch (error) {
    if (asCloudError(error).code !== 'invalid_request') throw error;
    const [now] = await getDroplets([id]);
    if (now && stateOf(now) === wanted) return wanted;
    throw error;
  }
}

/** One droplet after the other fails or not; what failed is thrown when all have had their turn. */
async function change(ids: readonly string[], mark: string, turn: Turn): Promise<StateChange[]> {
  const droplets = await look(ids, mark);
  if (droplets.length === 0) return [];
  const actions = await newestActions();
  const results = await atOnce(droplets, (droplet) =>
    settled(async () => {
      const newest = actions.get(droplet.id) ?? [];
      const current = await turn(droplet, newest);
      return { id: String(droplet.id), previous: stateOf(droplet, newest), current };
    }),
  );
  return answersOf(results);
}

async function look(ids: readonly string[], mark: string): Promise<Droplet[]> {
  const listed = ids.length < WORTH_A_LIST ? [] : await listDroplets({ tag_name: mark });
  const wanted = new Set(ids.map(Number));
  const found = listed.filter(({ id }) => wanted.delete(id));
  return [...found, ...(await getDroplets([...wanted]))];
}

type Settled = { answer: StateChange | undefined } | { failure: CloudHeroError };

async function settled(work: () => Promise<StateChange | undefined>): Promise<Settled> {
  try {
    return { answer: await work() };
  } catch (error) {
    return { failure: asCloudError(error) };
  }
}

function answersOf(results: readonly Settled[]): StateChange[] {
  for (const result of results) if ('failure' in result) throw result.failure;
  return results.flatMap((result) => ('answer' in result && result.answer ? [result.answer] : []));
}
