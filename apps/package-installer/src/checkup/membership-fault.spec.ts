import type { EngineSwarmInfo, SwarmNode } from '@cloudhero/docker';
import { membershipFault } from './membership-fault';

const swarm = (changes: Partial<EngineSwarmInfo> = {}): EngineSwarmInfo => ({
  NodeID: 'me',
  NodeAddr: '10.0.0.1',
  LocalNodeState: 'active',
  ControlAvailable: false,
  Error: '',
  RemoteManagers: null,
  ...changes,
});
const member = (ID: string, State: SwarmNode['Status']['State'] = 'ready'): SwarmNode => ({
  ID,
  Version: { Index: 1 },
  Spec: { Role: 'worker', Availability: 'active' },
  Description: { Hostname: ID },
  Status: { State, Addr: '10.0.0.1' },
});
const me = { clusterNodeId: 'me', hasManager: true };

it('finds nothing at a member that its cluster lists as ready, nor at a node in no cluster', () => {
  expect(membershipFault(me, swarm(), [member('me'), member('other', 'down')])).toBeNull();
  expect(membershipFault(me, swarm(), null)).toBeNull();
  const alone = swarm({ NodeID: '', LocalNodeState: 'inactive' });
  expect(membershipFault({ ...me, clusterNodeId: null }, alone, null)).toBeNull();
});

it.each([
  ['left', swarm({ NodeID: '', LocalNodeState: 'inactive' }), null],
  ['went elsewhere', swarm({ NodeID: 'stranger' }), null],
  ['was removed', swarm(), [member('other')]],
])('can mend that a node %s', (_, own, members) => {
  expect(membershipFault(me, own, members)).toMatchObject({
    code: 'not_in_cluster',
    mendable: true,
  });
});

it('can mend that a worker has no manager left, which a manager itself does not need', () => {
  const last = { ...me, hasManager: false };
  expect(membershipFault(last, swarm(), null)).toMatchObject({ mendable: true });
  expect(membershipFault(last, swarm({ ControlAvailable: true }), [member('me')])).toBeNull();
});

it.each([
  ['is not heard of', swarm(), [member('me', 'down')]],
  ['has no leader', swarm({ ControlAvailable: true, Error: 'no leader' }), null],
  ['waits', swarm({ LocalNodeState: 'pending' }), null],
])('can only wait where a node %s', (_, own, members) => {
  expect(membershipFault(me, own, members)).toMatchObject({ mendable: false });
});
