import type { NodeRow } from '@cloudhero/persistence';
import { assignServers } from './assign-servers';

const node = (serverName: string) => ({ serverName }) as NodeRow;
const server = (id: string, name?: string) =>
  ({ id, state: 'pending', ...(name && { name }) }) as const;
const pairsOf = (...args: Parameters<typeof assignServers>) =>
  assignServers(...args).map((pair) => [pair.node.serverName, pair.server.id]);

it('gives a node the server that carries its name', () => {
  expect(pairsOf([node('a'), node('b')], [server('1', 'b'), server('2', 'a')])).toEqual([
    ['a', '2'],
    ['b', '1'],
  ]);
});

it('gives alike servers in the order of their ids, however the cloud lists them', () => {
  const nodes = [node('a'), node('b')];
  expect(pairsOf(nodes, [server('2', 'env'), server('1', 'env')])).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
});

it('gives no server twice, and no node one that is not there', () => {
  expect(pairsOf([node('a'), node('b')], [server('1', 'b')])).toEqual([['b', '1']]);
});
