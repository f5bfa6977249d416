import type { Desired, NodePhase } from './node-phase';
import type { ServerState } from './server-state';

/** What is known of a node, all that a decision of provisioner's depends on. */
export interface NodeFacts {
  desired: Desired;
  phase: NodePhase;
  /** The launch that was written down before the cloud was asked, if any. */
  launchId: string | null;
  /** The server that the launch gave to this node, if that is known. */
  serverId: string | null;
  /**
   * What the cloud showed last: a state, `missing` when a server that it has shown before is gone
   * for longer than its lists lag behind, `unknown` when it was not asked yet or does not show it yet.
   */
  server: ServerState | 'missing' | 'unknown';
  /** It is a member of a Docker cluster that goes on without it, and has not left yet. */
  inCluster: boolean;
  /** Its launch is longer ago than any cloud takes to bring a server up. */
  overdue: boolean;
}

/** The next step at the cloud for one node; steps of the same kind are carried out in one call. */
export type NodeDecision =
  | { do: 'launch' }
  | { do: 'settle' }
  | { do: 'observe' }
  | { do: 'leave' }
  | { do: 'stop' }
  | { do: 'start' }
  | { do: 'terminate' }
  | { do: 'advance'; to: NodePhase }
  | { do: 'fail'; code: 'server_lost' | 'boot_timeout' }
  | { do: 'nothing' };

const GONE: ReadonlySet<NodeFacts['server']> = new Set(['terminated', 'missing']);

/**
 * Decides provisioner's next step for one node. Pure: the same facts always give the same step, so
 * two workers at once, a repeat, or a late run cannot disagree.
 */
export function decideNode(facts: NodeFacts): NodeDecision {
  if (facts.desired === 'absent') return decideAbsent(facts);
  if (facts.phase === 'failed' || facts.phase === 'absent' || facts.phase === 'terminating') {
    return { do: 'nothing' };
  }
  if (!facts.serverId) return facts.launchId ? { do: 'settle' } : { do: 'launch' };
  if (GONE.has(facts.server) || facts.server === 'shutting-down') {
    return { do: 'fail', code: 'server_lost' };
  }
  return facts.desired === 'stopped' ? decideStopped(facts) : decideRunning(facts);
}

function decideAbsent({ phase, launchId, serverId, server, inCluster }: NodeFacts): NodeDecision {
  if (phase === 'absent') return { do: 'nothing' };
  if (!serverId) {
    // A launch whose outcome is unknown may have made a server: find out before letting go.
    return launchId ? { do: 'settle' } : { do: 'advance', to: 'absent' };
  }
  if (phase !== 'terminating') return { do: inCluster ? 'leave' : 'terminate' };
  if (GONE.has(server)) return { do: 'advance', to: 'absent' };
  // The call may have been lost, or have come before the cloud knew the server: send it again.
  return server === 'shutting-down' ? { do: 'observe' } : { do: 'terminate' };
}

function decideStopped({ phase, server }: NodeFacts): NodeDecision {
  if (phase === 'stopped') return server === 'running' ? { do: 'stop' } : { do: 'nothing' };
  // A server cannot be stopped before it runs.
  if (server === 'pending' || server === 'unknown') return { do: 'observe' };
  if (phase !== 'stopping') return { do: 'stop' };
  if (server === 'stopped') return { do: 'advance', to: 'stopped' };
  return server === 'running' ? { do: 'stop' } : { do: 'observe' };
}

function decideRunning({ phase, server, overdue }: NodeFacts): NodeDecision {
  switch (phase) {
    case 'launching':
      if (server === 'running') return { do: 'advance', to: 'booting' };
      return overdue ? { do: 'fail', code: 'boot_timeout' } : { do: 'observe' };
    case 'starting':
      if (server === 'running') return { do: 'advance', to: 'booting' };
      return server === 'stopped' ? { do: 'start' } : { do: 'observe' };
    case 'stopping':
      // A server cannot be started while it stops.
      return server === 'stopping' ? { do: 'observe' } : { do: 'start' };
    case 'stopped':
      return { do: 'start' };
    default:
      return { do: 'nothing' };
  }
}
