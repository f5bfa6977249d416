import { decideNode, type NodeFacts } from './decide-node';
import { DRIFT_CODES } from './errors';
import { NODE_PHASES, NODE_TRANSITIONS, type Desired, type NodePhase } from './node-phase';

const SERVERS: NodeFacts['server'][] = [
  'pending',
  'running',
  'shutting-down',
  'terminated',
  'stopping',
  'stopped',
  'missing',
  'unknown',
];
const DESIRED: Desired[] = ['running', 'stopped', 'absent'];

const facts = (given: Partial<NodeFacts>): NodeFacts => ({
  desired: 'running',
  phase: 'requested',
  launchId: 'launch',
  serverId: 'server',
  failure: null,
  server: 'running',
  noRoom: false,
  inCluster: false,
  overdue: false,
  repair: false,
  inVain: false,
  asked: false,
  ...given,
});

/** Every combination of what else a decision depends on. */
const VARIANTS = [false, true].flatMap((inCluster) =>
  [false, true].flatMap((repair) =>
    [false, true].flatMap((asked) =>
      [null, ...DRIFT_CODES, 'boot_timeout' as const].flatMap((failure) =>
        [false, true].map((noRoom) => ({ inCluster, repair, asked, failure, noRoom })),
      ),
    ),
  ),
);

/** The phase that carrying a decision out would lead to, where it leads to one at once. */
const LEADS_TO: Partial<Record<string, NodePhase>> = {
  stop: 'stopping',
  start: 'starting',
  terminate: 'terminating',
  relaunch: 'requested',
  fail: 'failed',
};

it('never decides on a move that the transition table forbids', () => {
  const forbidden: string[] = [];
  for (const desired of DESIRED) {
    for (const phase of NODE_PHASES) {
      for (const server of SERVERS) {
        for (const given of VARIANTS) {
          const decision = decideNode(facts({ desired, phase, server, ...given }));
          const to = decision.do === 'advance' ? decision.to : LEADS_TO[decision.do];
          const allowed: readonly NodePhase[] = NODE_TRANSITIONS[phase];
          if (to && to !== phase && !allowed.includes(to)) {
            forbidden.push(`${desired}: ${phase} → ${to} (server ${server})`);
          }
        }
      }
    }
  }
  // A node that has a server has been launched, whatever else happened.
  expect(forbidden.filter((text) => !text.includes(': requested →'))).toEqual([]);
});

it('launches what has neither server nor launch', () => {
  expect(decideNode(facts({ launchId: null, serverId: null, server: 'unknown' }))).toEqual({
    do: 'launch',
  });
});

it.each(DESIRED)('finds out what a launch came to before anything else (%s)', (desired) => {
  const open = facts({ desired, phase: 'launching', serverId: null, server: 'unknown' });
  expect(decideNode(open)).toEqual({ do: 'settle' });
});

it('lets go of a node that was never launched', () => {
  const never = facts({ desired: 'absent', launchId: null, serverId: null, server: 'unknown' });
  expect(decideNode(never)).toEqual({ do: 'advance', to: 'absent' });
});

it.each(NODE_PHASES.filter((phase) => phase !== 'absent' && phase !== 'terminating'))(
  'deletes the server of a node in phase %s',
  (phase) => {
    expect(decideNode(facts({ desired: 'absent', phase }))).toEqual({ do: 'terminate' });
  },
);

it('sends terminate again until the cloud shows that it was heard', () => {
  const given = { desired: 'absent', phase: 'terminating' } as const;
  expect(decideNode(facts({ ...given, server: 'running' }))).toEqual({ do: 'terminate' });
  expect(decideNode(facts({ ...given, server: 'unknown' }))).toEqual({ do: 'terminate' });
  expect(decideNode(facts({ ...given, server: 'shutting-down' }))).toEqual({ do: 'observe' });
  expect(decideNode(facts({ ...given, server: 'terminated' }))).toEqual({
    do: 'advance',
    to: 'absent',
  });
});

it('makes a member leave its cluster before its server is deleted', () => {
  const member = facts({ desired: 'absent', phase: 'ready', inCluster: true });
  expect(decideNode(member)).toEqual({ do: 'leave' });
});

it('does not stop a server that does not run yet, nor start one that still stops', () => {
  expect(decideNode(facts({ desired: 'stopped', phase: 'launching', server: 'pending' }))).toEqual({
    do: 'observe',
  });
  expect(decideNode(facts({ phase: 'stopping', server: 'stopping' }))).toEqual({ do: 'observe' });
});

it('does not wait for ever for a server that does not come up', () => {
  const launching = { phase: 'launching', server: 'pending' } as const;
  expect(decideNode(facts(launching))).toEqual({ do: 'observe' });
  expect(decideNode(facts({ ...launching, overdue: true }))).toEqual({
    do: 'fail',
    code: 'boot_timeout',
  });
});

it('fails a node whose server was taken away', () => {
  expect(decideNode(facts({ phase: 'ready', server: 'terminated' }))).toEqual({
    do: 'fail',
    code: 'server_lost',
  });
});

describe('of a server that changed behind our back', () => {
  it('replaces one that is gone where that is wanted, and not before it is gone', () => {
    const lost = { phase: 'ready', repair: true } as const;
    expect(decideNode(facts({ ...lost, server: 'shutting-down' }))).toEqual({ do: 'observe' });
    for (const server of ['terminated', 'missing'] as const) {
      expect(decideNode(facts({ ...lost, server }))).toEqual({ do: 'relaunch', because: 'lost' });
    }
    const failed = { ...lost, phase: 'failed', failure: 'server_lost' } as const;
    expect(decideNode(facts({ ...failed, server: 'missing' }))).toEqual({
      do: 'relaunch',
      because: 'lost',
    });
  });

  it('does not go on replacing what is taken away before it runs', () => {
    const lost = { phase: 'launching', server: 'terminated', repair: true, inVain: true } as const;
    expect(decideNode(facts(lost))).toEqual({ do: 'fail', code: 'server_lost' });
    const failed = { ...lost, phase: 'failed', failure: 'server_lost' } as const;
    expect(decideNode(facts(failed))).toEqual({ do: 'nothing' });
  });

  it.each(DRIFT_CODES)(
    'stops one that runs with its environment, though it failed: %s',
    (failure) => {
      const failed = { phase: 'failed', failure, desired: 'stopped' } as const;
      expect(decideNode(facts(failed))).toEqual({ do: 'stop' });
    },
  );

  it('replaces none of an environment that is to be stopped', () => {
    const stopped = { phase: 'stopped', desired: 'stopped', repair: true } as const;
    expect(decideNode(facts({ ...stopped, server: 'terminated' }))).toEqual({
      do: 'fail',
      code: 'server_lost',
    });
  });

  it.each(['booting', 'installing', 'joining', 'ready'] as const)(
    'starts one that was stopped while %s where that is wanted, and says so elsewhere',
    (phase) => {
      const stopped = { phase, server: 'stopped' } as const;
      expect(decideNode(facts({ ...stopped, repair: true }))).toEqual({ do: 'start' });
      expect(decideNode(facts(stopped))).toEqual({ do: 'fail', code: 'server_stopped' });
    },
  );

  it('starts one that was stopped when the customer asks for it', () => {
    const stopped = { phase: 'failed', failure: 'server_stopped', server: 'stopped' } as const;
    expect(decideNode(facts(stopped))).toEqual({ do: 'nothing' });
    expect(decideNode(facts({ ...stopped, asked: true }))).toEqual({ do: 'start' });
  });

  it('takes one back that somebody started again', () => {
    expect(decideNode(facts({ phase: 'failed', failure: 'server_stopped' }))).toEqual({
      do: 'advance',
      to: 'booting',
    });
  });

  it('leaves other failures alone', () => {
    for (const server of SERVERS) {
      const failed = { phase: 'failed', failure: 'package_failed', server, repair: true } as const;
      expect(decideNode(facts(failed))).toEqual({ do: 'nothing' });
    }
  });
});

it('tries elsewhere when the cloud had no room for a server after all', () => {
  const refused = { phase: 'launching', server: 'terminated', noRoom: true } as const;
  expect(decideNode(facts(refused))).toEqual({ do: 'relaunch', because: 'no_room' });
});
