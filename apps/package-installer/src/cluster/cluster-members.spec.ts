import type { SwarmNode } from '@cloudhero/docker';
import type { NodeRow } from '@cloudhero/persistence';
import { actingManagers, clusterNodes, hasOtherManager } from './cluster-members';
import { deadStrangers } from './prune.service';

/** As much of a row as a cluster depends on. */
function row(id: string, changes: Partial<NodeRow> = {}): NodeRow {
  return {
    id,
    position: 0,
    packages: ['docker'],
    desired: 'running',
    phase: 'ready',
    serverState: 'running',
    lastErrorCode: null,
    clusterRole: 'manager',
    clusterNodeId: `member-${id}`,
    ...changes,
  } as NodeRow;
}
const ids = (nodes: readonly NodeRow[]) => nodes.map(({ id }) => id);

it('counts a node that failed by what a look found among its cluster’s, and no other that failed', () => {
  const nodes = [
    row('a', { phase: 'failed', lastErrorCode: 'node_unreachable' }),
    row('b', { phase: 'failed', lastErrorCode: 'package_down' }),
    row('c', { phase: 'failed', lastErrorCode: 'server_lost' }),
    row('d'),
  ];
  expect(ids(clusterNodes(nodes))).toEqual(['a', 'b', 'd']);
  expect(ids(actingManagers(nodes))).toEqual(['b', 'd']);
});

it('takes a cluster as lost only when no manager of it can come back', () => {
  const self = row('self', { clusterRole: null, clusterNodeId: null });
  const worker = row('worker', { clusterRole: 'worker' });
  const others = (changes: Partial<NodeRow>) => [self, worker, row('manager', changes)];
  for (const phase of ['booting', 'starting', 'stopped', 'failed'] as const) {
    expect(hasOtherManager(self, others({ phase }))).toBe(true);
  }
  // Replaced: its row knows of no cluster until it joins again.
  expect(hasOtherManager(self, others({ clusterRole: null, clusterNodeId: null }))).toBe(false);
  expect(hasOtherManager(self, others({ phase: 'failed', serverState: 'missing' }))).toBe(false);
  expect(hasOtherManager(self, others({ phase: 'terminating' }))).toBe(false);
});

it('takes as dead strangers those that are down and belong to no node', () => {
  const member = (ID: string, State: SwarmNode['Status']['State']) =>
    ({ ID, Status: { State, Addr: '' } }) as SwarmNode;
  const members = [
    member('member-a', 'down'),
    member('joining', 'ready'),
    member('old-a', 'down'),
    member('asleep', 'unknown'),
  ];
  expect(deadStrangers(members, [row('a')]).map(({ ID }) => ID)).toEqual(['old-a']);
});
