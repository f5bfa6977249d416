import { environmentPhase } from '@cloudhero/domain';
import type { IntentChange, IntentFacts } from '@cloudhero/persistence';
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
  if (environment.desired === change.desired && action === 'delete') return null;
  if (environment.desired === 'absent') throw conflict('deleted', 'The environment was deleted.');
  if (action === 'delete') return change;
  const phase = environmentPhase(environment.desired, nodes, environment.readyAt !== null);
  if (phase === 'failed') {
    throw conflict('failed', 'The environment failed before it was ready; it can be deleted.');
  }
  const launching = nodes.filter(
    (node) => node.desired !== 'absent' && node.phase !== 'failed' && !node.providerServerId,
  );
  if (launching.length > 0) {
    const names = launching.slice(0, 10).map((node) => node.name);
    const message = `${names.join(', ')} ${names.length > 1 ? 'have' : 'has'} no server yet. Try again once launched.`;
    throw conflict('still_launching', message);
  }
  return environment.desired === change.desired ? null : change;
}
