import { CHECKED_CODES, type ErrorCode } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';

/** The port on which managers take joining nodes. */
export const SWARM_PORT = 2377;

const CHECKED: ReadonlySet<ErrorCode | null> = new Set(CHECKED_CODES);

/**
 * Nodes that are, or are to be, in the environment's cluster, in order of position. One that failed
 * by what was found of it later is still of it, and will be back.
 */
export function clusterNodes(nodes: readonly NodeRow[]): NodeRow[] {
  return nodes
    .filter(({ packages, desired }) => packages.includes('docker') && desired === 'running')
    .filter(({ phase }) => phase !== 'terminating' && phase !== 'absent')
    .filter(({ phase, lastErrorCode }) => phase !== 'failed' || CHECKED.has(lastErrorCode))
    .sort((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1));
}

/** Managers whose engines should answer now. */
export function actingManagers(nodes: readonly NodeRow[]): NodeRow[] {
  return clusterNodes(nodes).filter(
    ({ clusterRole, clusterNodeId, phase, lastErrorCode }) =>
      clusterRole === 'manager' &&
      clusterNodeId !== null &&
      (phase === 'ready' ||
        phase === 'joining' ||
        // Not its engine, perhaps.
        (phase === 'failed' && lastErrorCode === 'package_down')),
  );
}

/** Those but `self`. */
export function managersBeside(self: NodeRow, nodes: readonly NodeRow[]): NodeRow[] {
  return actingManagers(nodes).filter(({ id }) => id !== self.id);
}

/** Managers that have the cluster, or may have it again, though they may not answer now. */
export function managersLeft(nodes: readonly NodeRow[]): NodeRow[] {
  return nodes.filter(
    ({ clusterRole, clusterNodeId, phase, serverState }) =>
      clusterRole === 'manager' &&
      clusterNodeId !== null &&
      phase !== 'terminating' &&
      phase !== 'absent' &&
      serverState !== 'terminated' &&
      serverState !== 'missing',
  );
}

/** Whether there is one but `self`. */
export function hasOtherManager(self: NodeRow, nodes: readonly NodeRow[]): boolean {
  return managersLeft(nodes).some(({ id }) => id !== self.id);
}

/** The address by which members know each other. */
export function memberAddress({ privateIp, publicIp }: NodeRow): string {
  return privateIp ?? publicIp ?? '';
}
