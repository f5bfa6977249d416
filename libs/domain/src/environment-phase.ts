import type { Desired, NodePhase } from './node-phase';

/** An environment's phase; never stored as a decision of its own, always derived from its nodes. */
export type EnvironmentPhase =
  | 'provisioning'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'deleting'
  | 'absent'
  | 'failed';

/**
 * Derives an environment's phase from what was asked for and from its nodes.
 * `failed`: a node failed before the environment was ever ready. `degraded`: one failed afterwards.
 */
export function environmentPhase(
  desired: Desired,
  nodes: readonly { desired: Desired; phase: NodePhase }[],
  everReady: boolean,
): EnvironmentPhase {
  const living = nodes.filter((node) => node.phase !== 'absent');
  if (desired === 'absent') return living.length === 0 ? 'absent' : 'deleting';
  const wanted = living.filter((node) => node.desired !== 'absent');
  if (wanted.some((node) => node.phase === 'failed')) return everReady ? 'degraded' : 'failed';
  if (desired === 'stopped') {
    return wanted.every((node) => node.phase === 'stopped') ? 'stopped' : 'stopping';
  }
  if (wanted.every((node) => node.phase === 'ready')) return 'ready';
  if (!everReady) return 'provisioning';
  return wanted.some((node) => ['stopping', 'stopped', 'starting'].includes(node.phase))
    ? 'starting'
    : 'provisioning';
}
