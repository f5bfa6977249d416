import { DRIFT_CODES, environmentPhase } from '@cloudhero/domain';
import type { IntentChange, IntentFacts, NodeRow } from '@cloudhero/persistence';
import { conflict } from '../http/api.error';

export type Action = 'stop' | 'start' | 'delete';

const CHANGES = {
  stop: { desired: 'stopped', message: 'The environment was asked to stop.' },
  start: { desired: 'running', message: 'The environment was asked to start.' },
  delete: { desired: 'absent', message: 'The environment was asked to go.' },
} as const;

/**
 * Whether an action can be taken now, and what it changes; null when that was asked for already.
 * Pure. @throws ApiError 409
 */
export function decideAction(action: Action, { environment, nodes }: IntentFacts): IntentChange {
  const change = CHANGES[action];
  if (environment.desired === change.desired && action !== 'start') return null;
  if (environment.desired === 'absent') throw conflict('deleted', 'The environment was deleted.');
  if (action === 'delete') return change;
  const wanted = nodes.filter((node) => node.desired !== 'absent');
  if (action === 'start' && environment.desired === 'running') {
    const stopped = wanted.filter(stoppedBehindOurBack);
    if (stopped.length > 0) return startAgain(stopped);
  }
  const phase = environmentPhase(environment.desired, nodes, environment.readyAt !== null);
  if (phase === 'failed') {
    throw conflict('failed', 'The environment failed before it was ready; it can be deleted.');
  }
  const launching = wanted.filter((node) => node.phase !== 'failed' && !node.providerServerId);
  if (launching.length > 0) {
    const have = launching.length > 1 ? 'have' : 'has';
    const message = `${namesOf(launching)} ${have} no server yet. Try again once launched.`;
    throw conflict('still_launching', message);
  }
  return environment.desired === change.desired ? null : change;
}

/** A server that its cloud showed as stopped although nobody asked us for that; it can be started. */
export function stoppedBehindOurBack(node: Pick<NodeRow, 'phase' | 'lastErrorCode'>): boolean {
  return node.phase === 'failed' && node.lastErrorCode === 'server_stopped';
}

/** A node that failed by what happened to it later, and whose server is there: it can be stopped. */
export function hasServerStill({ lastErrorCode }: Pick<NodeRow, 'lastErrorCode'>): boolean {
  const codes: readonly (string | null)[] = DRIFT_CODES;
  return codes.includes(lastErrorCode) && lastErrorCode !== 'server_lost';
}

/** Starts those that nobody has asked to start yet; the others of the environment are left alone. */
function startAgain(stopped: readonly NodeRow[]): IntentChange {
  const unasked = stopped.filter((node) => node.actedGeneration >= node.generation);
  if (unasked.length === 0) return null;
  const was = unasked.length > 1 ? 'were' : 'was';
  const message = `${namesOf(unasked)} ${was} asked to start again.`;
  return { desired: 'running', message, nodeIds: unasked.map((node) => node.id) };
}

function namesOf(nodes: readonly NodeRow[]): string {
  const names = nodes.slice(0, 10).map((node) => node.name);
  return names.join(', ') + (nodes.length > names.length ? ', …' : '');
}
