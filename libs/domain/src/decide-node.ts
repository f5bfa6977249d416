import { DRIFT_CODES, type ErrorCode } from './errors';
import type { Desired, NodePhase } from './node-phase';
import type { ServerState } from './server-state';

/** What is known of a node, all that a decision of provisioner's depends on. */
export interface NodeFacts {
  desired: Desired;
  phase: NodePhase;
  /** Why it failed, when it did. */
  failure: ErrorCode | null;
  /** The launch that was written down before the cloud was asked, if any. */
  launchId: string | null;
  /** The server that the launch gave to this node, if that is known. */
  serverId: string | null;
  /**
   * What the cloud showed last: a state, `missing` when a server that it has shown before is gone
   * for longer than its lists lag behind, `unknown` when it was not asked yet or does not show it yet.
   */
  server: ServerState | 'missing' | 'unknown';
  /** The cloud took the server away because it had no room for it after all. */
  noRoom: boolean;
  /** It is a member of a Docker cluster that goes on without it, and has not left yet. */
  inCluster: boolean;
  /** Its launch is longer ago than any cloud takes to bring a server up. */
  overdue: boolean;
  /** The customer wants servers that are lost or stopped behind our back replaced or started. */
  repair: boolean;
  /** Its servers were taken away before they ever ran, so often that another would be as well. */
  inVain: boolean;
  /** The customer asked for something since a call to the cloud last answered for this node. */
  asked: boolean;
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
  /** Let go of a server that is certainly gone, and launch another: elsewhere, when there was no room. */
  | { do: 'relaunch'; because: 'no_room' | 'lost' }
  | { do: 'advance'; to: NodePhase }
  | { do: 'fail'; code: 'server_lost' | 'server_stopped' | 'boot_timeout' }
  | { do: 'nothing' };

const GONE: ReadonlySet<NodeFacts['server']> = new Set(['terminated', 'missing']);
const DRIFT: ReadonlySet<ErrorCode | null> = new Set(DRIFT_CODES);
const NOTHING: NodeDecision = { do: 'nothing' };

/**
 * Decides provisioner's next step for one node. Pure: the same facts always give the same step, so
 * two workers at once, a repeat, or a late run cannot disagree.
 */
export function decideNode(facts: NodeFacts): NodeDecision {
  if (facts.desired === 'absent') return decideAbsent(facts);
  if (facts.phase === 'absent' || facts.phase === 'terminating') return NOTHING;
  if (facts.phase === 'failed') return decideFailed(facts);
  if (!facts.serverId) return facts.launchId ? { do: 'settle' } : { do: 'launch' };
  // One that goes is not replaced before it is gone, or there would be two.
  if (facts.server === 'shutting-down') return { do: 'observe' };
  if (GONE.has(facts.server)) return decideGone(facts);
  return facts.desired === 'stopped' ? decideStopped(facts) : decideRunning(facts);
}

function decideAbsent({ phase, launchId, serverId, server, inCluster }: NodeFacts): NodeDecision {
  if (phase === 'absent') return NOTHING;
  if (!serverId) {
    // A launch whose outcome is unknown may have made a server: find out before letting go.
    return launchId ? { do: 'settle' } : { do: 'advance', to: 'absent' };
  }
  if (phase !== 'terminating') return { do: inCluster ? 'leave' : 'terminate' };
  if (GONE.has(server)) return { do: 'advance', to: 'absent' };
  // The call may have been lost, or have come before the cloud knew the server: send it again.
  return server === 'shutting-down' ? { do: 'observe' } : { do: 'terminate' };
}

/** The cloud has no such server any more, and nobody asked us to delete it. */
function decideGone({ phase, noRoom, repair, desired, inVain }: NodeFacts): NodeDecision {
  if (phase === 'launching' && noRoom) return { do: 'relaunch', because: 'no_room' };
  if (repair && desired === 'running' && !inVain) return { do: 'relaunch', because: 'lost' };
  return { do: 'fail', code: 'server_lost' };
}

/** Only what happened to a server behind our back is mended; any other failure is the customer's. */
function decideFailed(facts: NodeFacts): NodeDecision {
  const { desired, failure, serverId, server, repair, asked, inVain } = facts;
  if (!DRIFT.has(failure) || !serverId) return NOTHING;
  if (GONE.has(server)) {
    if (repair && desired === 'running' && !inVain) return { do: 'relaunch', because: 'lost' };
    return failure === 'server_lost' ? NOTHING : { do: 'fail', code: 'server_lost' };
  }
  if (server === 'shutting-down') return { do: 'observe' };
  if (server === 'stopped') {
    if (desired === 'stopped') return { do: 'advance', to: 'stopped' };
    if (repair || asked) return { do: 'start' };
    return failure === 'server_stopped' ? NOTHING : { do: 'fail', code: 'server_stopped' };
  }
  if (server !== 'running') return NOTHING;
  // It costs money, whatever was found of it.
  if (desired === 'stopped') return { do: 'stop' };
  // Somebody started it again. What was found on a node that runs, package-installer looks after.
  const isOurs = failure === 'server_stopped' || failure === 'server_lost';
  return isOurs ? { do: 'advance', to: 'booting' } : NOTHING;
}

function decideStopped({ phase, server }: NodeFacts): NodeDecision {
  if (phase === 'stopped') return server === 'running' ? { do: 'stop' } : NOTHING;
  // A server cannot be stopped before it runs.
  if (server === 'pending' || server === 'unknown') return { do: 'observe' };
  if (phase !== 'stopping') return { do: 'stop' };
  if (server === 'stopped') return { do: 'advance', to: 'stopped' };
  return server === 'running' ? { do: 'stop' } : { do: 'observe' };
}

function decideRunning({ phase, server, overdue, repair }: NodeFacts): NodeDecision {
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
      // Stopped behind our back. One that is starting again by itself will be seen running.
      if (server === 'stopping') return { do: 'observe' };
      if (server !== 'stopped') return NOTHING;
      return repair ? { do: 'start' } : { do: 'fail', code: 'server_stopped' };
  }
}
