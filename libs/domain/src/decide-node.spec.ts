import { decideNode, type NodeFacts } from './decide-node';
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
  server: 'running',
  inCluster: false,
  overdue: false,
  ...given,
});

/** The phase that carrying a decision out would lead to, where it leads to one at once. */
const LEADS_TO: Partial<Record<string, NodePhase>> = {
  stop: 'stopping',
  start: 'starting',
  terminate: 'terminating',
  fail: 'failed',
};

it('never decides on a move that the transition table forbids', () => {
  const forbidden: string[] = [];
  for (const desired of DESIRED) {
    for (const phase of NODE_PHASES) {
      for (const server of SERVERS) {
        for (const inCluster of [false, true]) {
          const decision = decideNode(facts({ desired, phase, server, inCluster }));
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
