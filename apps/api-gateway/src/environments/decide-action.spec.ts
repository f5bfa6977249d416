import type { IntentFacts } from '@cloudhero/persistence';
import { type ApiError } from '../http/api.error';
import { decideAction, type Action } from './decide-action';

function facts(
  desired: string,
  nodes: {
    name?: string;
    phase: string;
    providerServerId?: string | null;
    desired?: string;
    lastErrorCode?: string;
    generation?: number;
  }[],
  readyAt: Date | null = new Date(),
): IntentFacts {
  const rows = nodes.map((node) => ({
    id: node.name,
    desired,
    name: 'n',
    providerServerId: 'i-1',
    generation: 1,
    actedGeneration: 1,
    ...node,
  }));
  return { environment: { desired, readyAt }, nodes: rows } as unknown as IntentFacts;
}

it.each<[Action, string, IntentFacts, string | null]>([
  ['stop', 'what runs', facts('running', [{ phase: 'ready' }]), 'stopped'],
  ['stop', 'what has stopped', facts('stopped', [{ phase: 'stopped' }]), null],
  // As a retry asks whose first call was taken, and its answer lost.
  [
    'stop',
    'what was asked to stop and failed',
    facts('stopped', [{ phase: 'failed' }], null),
    null,
  ],
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

describe('starting what runs already, with servers that were stopped behind our back', () => {
  const stopped = { phase: 'failed', lastErrorCode: 'server_stopped' };
  const startOf = (...given: Parameters<typeof facts>) => decideAction('start', facts(...given));

  it('starts those, and leaves the others alone', () => {
    const nodes = [
      { name: 'a', phase: 'ready' },
      { name: 'b', ...stopped },
      { name: 'c', phase: 'failed', lastErrorCode: 'server_lost' },
      { name: 'd', phase: 'launching', providerServerId: null },
      { name: 'e', ...stopped },
    ];
    const message = 'b, e were asked to start again.';
    expect(startOf('running', nodes)).toEqual({ desired: 'running', message, nodeIds: ['b', 'e'] });
  });

  it('does so before the environment was ever ready too', () => {
    expect(startOf('running', [{ name: 'a', ...stopped }], null)).toMatchObject({ nodeIds: ['a'] });
  });

  it('asks for it once', () => {
    expect(startOf('running', [{ name: 'a', ...stopped, generation: 2 }])).toBeNull();
  });

  it('leaves a node that is to go', () => {
    const nodes = [{ name: 'a', ...stopped, desired: 'absent' }, { phase: 'ready' }];
    expect(startOf('running', nodes)).toBeNull();
  });

  it('starts every server of an environment that was stopped', () => {
    const nodes = [{ name: 'a', ...stopped }, { phase: 'stopped' }];
    expect(startOf('stopped', nodes)).not.toHaveProperty('nodeIds');
  });
});
