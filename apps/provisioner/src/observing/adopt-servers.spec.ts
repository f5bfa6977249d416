import type { ObservedServer } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';
import { adoptServers } from './adopt-servers';

const node = (id: string, launchId: string) =>
  ({ id, launchId, serverName: id, generation: 1 }) as NodeRow;
const server = (id: string, launchId: string, state: ObservedServer['state'] = 'running') => ({
  id,
  launchId,
  state,
});

it('shows a server on the node that its launch was for, and on no other', () => {
  const nodes = [node('a', 'first'), node('b', 'second')];
  const changes = adoptServers({ nodes, servers: [server('i-1', 'second')] });
  expect(changes.map((change) => [change.node.id, change.patch.providerServerId])).toEqual([
    ['b', 'i-1'],
  ]);
});

it('adopts none that is gone', () => {
  const nodes = [node('a', 'first')];
  expect(adoptServers({ nodes, servers: [server('i-1', 'first', 'terminated')] })).toEqual([]);
});
