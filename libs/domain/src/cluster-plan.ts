export type ClusterRole = 'manager' | 'worker';

/**
 * How many managers a Docker cluster of `nodes` has: odd, so that a majority always exists, and at
 * most seven, as more make it slower and no safer. Two nodes have one manager, since with two the
 * loss of either would stop the cluster.
 */
export function managerCount(nodes: number): number {
  if (nodes < 3) return Math.min(nodes, 1);
  if (nodes < 7) return 3;
  return nodes < 15 ? 5 : 7;
}

/** The role of the node at `index` among the environment's docker nodes, in order of position. */
export function clusterRole(index: number, nodes: number): ClusterRole {
  return index < managerCount(nodes) ? 'manager' : 'worker';
}
