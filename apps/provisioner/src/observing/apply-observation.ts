import type { CloudDriver } from '@cloudhero/cloud';
import { asCloudHeroError, type ObservedServer } from '@cloudhero/domain';
import type {
  DifferingNode,
  NodeChange,
  NodeEventInput,
  NodePatch,
  NodeRow,
} from '@cloudhero/persistence';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchedAt } from '../environments/node-facts';

/**
 * How long after its launch a server may still be missing from a cloud's lists: EC2 says seconds to
 * minutes. For one that was never shown, only later does "not there" mean that it is gone.
 */
export const VISIBLE_AFTER_MS = 5 * 60_000;

const LATE_AFTER_MS = 20_000;
const PAUSE_MS = 2500;
/** Servers asked for by id together: what was answered counts, whatever becomes of the next ones. */
const PORTION = 20;

/** Phases in which a change of state or address was asked for by nobody. */
const AT_REST: ReadonlySet<NodeRow['phase']> = new Set([
  'booting',
  'installing',
  'joining',
  'ready',
  'failed',
]);

export interface Look {
  servers: readonly ObservedServer[];
  region: string;
  find: CloudDriver['find'];
  /** When the cloud was asked, by the database's clock, in milliseconds since 1970. */
  now: number;
  /** Between the two questions for a server that is not there. */
  pauseMs?: number;
}

/**
 * What has to be saved so that the rows of `nodes`, which differ from what the cloud showed, say what
 * it shows.
 */
export async function applyObservation(
  nodes: readonly DifferingNode[],
  { servers, region, find, now, pauseMs = PAUSE_MS }: Look,
): Promise<NodeChange[]> {
  const seen = new Map(servers.map((server) => [server.id, server]));
  // Since this look began, somebody knows better.
  const older = nodes.filter(({ observedAt }) => (observedAt?.getTime() ?? 0) <= now);
  let known = older;
  // A list can lag or flicker: nothing is given up before it was asked for by its id, twice.
  for (const pause of [0, pauseMs]) {
    const doubtful = known.filter((node) => mayBeGone(node, seen, now) || isLate(node, seen, now));
    if (doubtful.length === 0) break;
    if (pause > 0) await sleep(pause);
    const unasked = new Set(await askById(doubtful, (ids) => find(region, ids), seen));
    known = known.filter((node) => !unasked.has(node));
  }
  return known.flatMap((node) => {
    const server = seen.get(node.providerServerId ?? '');
    if (server) return changeOf(node, difference(node, server), now);
    if (!mayBeGone(node, seen, now)) return [];
    // Once the cloud has taken a deletion, "not there" is what it comes to.
    const serverState = node.serverState === 'shutting-down' ? 'terminated' : 'missing';
    return changeOf(node, { serverState, publicIp: null }, now);
  });
}

/** @returns the nodes that the account's budget had no calls left for: the next look goes on with them. */
async function askById(
  nodes: readonly DifferingNode[],
  find: (ids: string[]) => Promise<ObservedServer[]>,
  seen: Map<string, ObservedServer>,
): Promise<DifferingNode[]> {
  for (let at = 0; at < nodes.length; at += PORTION) {
    const portion = nodes.slice(at, at + PORTION);
    try {
      const servers = await find(portion.map((node) => node.providerServerId ?? ''));
      for (const server of servers) seen.set(server.id, server);
    } catch (error) {
      if (asCloudHeroError(error).code !== 'throttled') throw error;
      return nodes.slice(at);
    }
  }
  return [];
}

/** It should be shown by now. DigitalOcean says only by its id that a server never came to be. */
function isLate(node: NodeRow, seen: Map<string, ObservedServer>, now: number): boolean {
  const { providerServerId, launchId } = node;
  if (wasShown(node) || !launchId || seen.has(providerServerId ?? '')) return false;
  return now - launchedAt(node) > LATE_AFTER_MS;
}

/** A server that was shown before, and is not found by its id either, need not be waited for. */
function mayBeGone(node: NodeRow, seen: Map<string, ObservedServer>, now: number): boolean {
  if (!node.providerServerId || !node.launchId || node.serverState === 'missing') return false;
  if (node.serverState === 'terminated' || seen.has(node.providerServerId)) return false;
  return wasShown(node) || now - launchedAt(node) > VISIBLE_AFTER_MS;
}

function wasShown({ serverState }: NodeRow): boolean {
  return serverState !== 'pending' && serverState !== 'unknown';
}

/**
 * From a deletion that the cloud has taken there is no way back: what shows the server as it was is a
 * look that began before it, or a cloud without a word for going.
 */
function stateOf(node: NodeRow, { state }: ObservedServer): NodeRow['serverState'] {
  return node.serverState === 'shutting-down' && state !== 'terminated' ? 'shutting-down' : state;
}

function difference(node: NodeRow, server: ObservedServer): NodePatch | null {
  const shown = {
    serverState: stateOf(node, server),
    publicIp: server.publicIp ?? null,
    privateIp: server.privateIp ?? null,
    image: server.image ?? node.image,
    zone: server.zone ?? node.zone,
    serverSize: server.size ?? node.serverSize,
    lostFor: server.lostFor ?? null,
  };
  const changed = Object.entries(shown).some(
    ([key, value]) => node[key as keyof NodeRow] !== value,
  );
  return changed ? shown : null;
}

function changeOf(node: DifferingNode, patch: NodePatch | null, now: number): NodeChange[] {
  if (!patch) return [];
  const observedAt = new Date(now);
  const event = driftOf(node, patch);
  if (!event) return [{ node, patch: { ...patch, observedAt } }];
  // Its engine's certificate names its addresses, and its cluster knows it by one.
  const again =
    node.repair && node.phase === 'ready'
      ? ({ phase: 'booting', nextReconcileAt: observedAt } as const)
      : {};
  return [{ node, patch: { ...patch, ...again, observedAt }, event }];
}

/** What happened behind our back and is told of here; a server that stops or goes is told of by what follows. */
function driftOf(
  node: NodeRow,
  { serverState, publicIp, privateIp }: NodePatch,
): NodeEventInput | null {
  if (!AT_REST.has(node.phase) || serverState !== 'running' || node.serverState !== 'running') {
    return null;
  }
  const moved = (before: string | null, after: string | null | undefined) =>
    before !== null && after !== null && before !== after;
  if (!moved(node.publicIp, publicIp) && !moved(node.privateIp, privateIp)) return null;
  const message = `The server has another address: ${publicIp ?? privateIp}, not ${node.publicIp ?? node.privateIp}.`;
  return { type: 'drift', code: 'readdressed', message };
}
