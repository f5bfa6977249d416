import type { CloudDriver } from '@cloudhero/cloud';
import { idTime, type ObservedServer } from '@cloudhero/domain';
import type { NodeChange, NodePatch, NodeRow } from '@cloudhero/persistence';

/**
 * How long after its launch a server may still be missing from a cloud's lists: EC2 says seconds to
 * minutes. Only later does "not there" mean that it is gone.
 */
export const VISIBLE_AFTER_MS = 5 * 60_000;

/** What has to be saved so that the rows say what the cloud showed; nothing for rows that do. */
export async function applyObservation(
  nodes: readonly NodeRow[],
  servers: readonly ObservedServer[],
  find: CloudDriver['find'],
  region: string,
  now = Date.now(),
): Promise<NodeChange[]> {
  const seen = new Map(servers.map((server) => [server.id, server]));
  const doubtful = nodes.filter((node) => mayBeGone(node, seen, now));
  if (doubtful.length > 0) {
    // A list can lag or flicker: nothing is given up before it was asked for by its id.
    const ids = doubtful.map((node) => node.providerServerId ?? '');
    for (const server of await find(region, ids)) seen.set(server.id, server);
  }
  return nodes.flatMap((node) => {
    const server = seen.get(node.providerServerId ?? '');
    const patch: NodePatch | null = server
      ? difference(node, server)
      : mayBeGone(node, seen, now)
        ? { serverState: 'missing' }
        : null;
    return patch ? [{ node, patch: { ...patch, observedAt: new Date(now) } }] : [];
  });
}

function mayBeGone(node: NodeRow, seen: Map<string, ObservedServer>, now: number): boolean {
  if (!node.providerServerId || !node.launchId || node.serverState === 'missing') return false;
  if (node.serverState === 'terminated' || seen.has(node.providerServerId)) return false;
  return now - idTime(node.launchId) > VISIBLE_AFTER_MS;
}

function difference(node: NodeRow, server: ObservedServer): NodePatch | null {
  const shown = {
    serverState: server.state,
    publicIp: server.publicIp ?? null,
    privateIp: server.privateIp ?? null,
    image: server.image ?? node.image,
    zone: server.zone ?? node.zone,
  };
  const changed = Object.entries(shown).some(
    ([key, value]) => node[key as keyof NodeRow] !== value,
  );
  return changed ? shown : null;
}
