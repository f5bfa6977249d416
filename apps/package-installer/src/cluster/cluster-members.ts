import type { NodeRow } from '@cloudhero/persistence';

/** The port on which managers take joining nodes. */
export const SWARM_PORT = 2377;

/** Nodes that are, or are to be, in the environment's cluster, in order of position. */
export function clusterNodes(nodes: readonly NodeRow[]): NodeRow[] {
  return nodes
    .filter(({ packages, desired }) => packages.includes('docker') && desired === 'running')
    .filter(({ phase }) => phase !== 'failed' && phase !== 'terminating' && phase !== 'absent')
    .sort((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1));
}

/** Managers but `self` whose engines should answer now. */
export function managersBeside(self: NodeRow, nodes: readonly NodeRow[]): NodeRow[] {
  return clusterNodes(nodes).filter(
    ({ id, clusterRole, clusterNodeId, phase }) =>
      id !== self.id &&
      clusterRole === 'manager' &&
      clusterNodeId !== null &&
      (phase === 'ready' || phase === 'joining'),
  );
}

/** The address by which members know each other. */
export function memberAddress({ privateIp, publicIp }: NodeRow): string {
  return privateIp ?? publicIp ?? '';
}
