import type { IntentFacts } from '@cloudhero/persistence';
import { type ApiError } from '../http/api.error';
import { decideAction, type Action } from './decide-action';

function facts(
  desired: string,
  nodes: { phase: string; providerServerId?: string | null; desired?: string }[],
  readyAt: Date | null = new Date(),
): IntentFacts {
  const rows = nodes.map((node) => ({ desired, name: 'n', providerServerId: 'i-1', ...node }));
  return { environment: { desired, readyAt }, nodes: rows } as unknown as IntentFacts;
}

it.each<[Action, string, IntentFacts, string | null]>([
  ['stop', 'what runs', facts('running', [{ phase: 'ready' }]), 'stopped'],
  ['stop', 'what has stopped', facts('stopped', [{ phase: 'stopped' }]), null],
  ['stop', 'what still installs', facts('running', [{ phase: 'installing' }], null), 'stopped'],
  ['start', 'what has stopped', facts('stopped', [{ phase: 'stopped' }]), 'running'],
  ['start', 'what runs', facts('running', [{ phase: 'ready' }]), null],
  ['delete', 'what failed', facts('running', [{ phase: 'failed' }], null), 'absent'],
  ['delete', 'what has no server', facts('running', [{ phase: 'requested' }], null), 'absent'],
  ['delete', 'what goes already', facts('absent', [{ phase: 'terminating' }]), null],
])('%s of %s', (action, _, given, desired) => {
  expect(decideAction(action, given)?.desired ?? null).toBe(desired);
});

it.each<[Action, string, IntentFacts, string]>([
  [
    'stop',
    'what has no server',
    facts('running', [{ phase: 'launching', providerServerId: null }], null),
    'still_launching',
  ],
  ['start', 'what failed', facts('running', [{ phase: 'failed' }], null), 'failed'],
  ['stop', 'what was deleted', facts('absent', []), 'deleted'],
])('%s of %s is refused', (action, _, given, code) => {
  try {
    decideAction(action, given);
    throw new Error('not refused');
  } catch (error) {
    expect([(error as ApiError).status, (error as ApiError).errors[0]?.code]).toEqual([409, code]);
  }
});
