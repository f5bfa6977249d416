import type { CloudDriver } from '@cloudhero/cloud';
import type { NodeChange, NodeRepository, NodePatch, NodeRow } from '@cloudhero/persistence';
import type { DecidedNode } from './node-facts';
import type { Places } from './places';

/** A node without a server, as it was before its first launch. */
export const WITHOUT_SERVER = {
  phase: 'requested',
  launchId: null,
  providerServerId: null,
  serverState: 'unknown',
  serverSize: null,
  lostFor: null,
  publicIp: null,
  privateIp: null,
  zone: null,
  hostPublicKey: null,
  bootId: null,
  installedPackages: [],
  clusterRole: null,
  clusterNodeId: null,
  attempts: 0,
  lastErrorCode: null,
  lastErrorMessage: null,
  readyAt: null,
  nextCheckAt: null,
  nextReconcileAt: null,
} as const satisfies Omit<NodePatch, 'installedPackages'> & { installedPackages: [] };

/**
 * Lets go of servers that are gone, so that others are launched for their nodes.
 * @returns whether anything is different now.
 */
export async function relaunchNodes(
  decided: readonly DecidedNode[],
  region: string,
  { driver, places, nodes }: { driver: CloudDriver; places: Places; nodes: NodeRepository },
): Promise<boolean> {
  const lost = decided.flatMap(({ node, decision }) =>
    decision.do === 'relaunch' && decision.because === 'lost' ? [node] : [],
  );
  const refused = decided.flatMap(({ node, decision }) =>
    decision.do === 'relaunch' && decision.because === 'no_room' ? [node] : [],
  );
  if (lost.length > 0) {
    // Should the cloud only have failed to show it, it goes now: a node has one server, never two.
    await driver.terminate(
      region,
      lost.map((node) => node.providerServerId ?? ''),
    );
  }
  const changes = [
    ...lost.map(replaced),
    ...(await Promise.all(refused.map((node) => movedOn(node, places)))),
  ];
  await nodes.saveAll(changes);
  return changes.length > 0;
}

function replaced(node: NodeRow): NodeChange {
  const message = `Server ${node.providerServerId} is gone, and nobody asked us to delete it: replacing it.`;
  return {
    node,
    patch: {
      ...WITHOUT_SERVER,
      installedPackages: [],
      candidate: 0,
      attempts: node.phase === 'launching' ? node.attempts + 1 : 0,
    },
    event: { type: 'drift', code: 'server_lost', message },
  };
}

async function movedOn(node: NodeRow, places: Places): Promise<NodeChange> {
  const where = node.zone ? ` in ${node.zone}` : '';
  const size = node.serverSize ?? node.size;
  if (await places.moreAfter(node)) {
    return {
      node,
      patch: { ...WITHOUT_SERVER, installedPackages: [], candidate: node.candidate + 1 },
      event: {
        type: 'progress',
        message: `The cloud has no room for a ${size}${where} after all.`,
      },
    };
  }
  const code = 'capacity_unavailable';
  const message = `The cloud has no room for a ${size}${where}. Try another size or region, or list fallback_sizes.`;
  return {
    node,
    patch: { phase: 'failed', lastErrorCode: code, lastErrorMessage: message },
    event: { type: 'error', code, message },
  };
}
