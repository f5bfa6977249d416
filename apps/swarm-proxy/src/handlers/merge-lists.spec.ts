import { olderApi } from './merge-info';
import { labelProgress } from './label-progress';
import { mergeContainers, mergeImages, mergeNetworks, mergeReports } from './merge-lists';

it('lists containers newest first, and limits for the cluster', () => {
  const lists = [
    [{ Id: 'a', Created: 1 }],
    [
      { Id: 'b', Created: 3 },
      { Id: 'c', Created: 2 },
    ],
  ];
  expect(mergeContainers(lists).map(({ Id }) => Id)).toEqual(['b', 'c', 'a']);
  expect(mergeContainers(lists, 1)).toHaveLength(1);
});

it('lists an image once, with the tags of all nodes', () => {
  const image = (RepoTags: string[]) => ({
    Id: 'i',
    Created: 1,
    RepoTags,
    RepoDigests: null,
    Containers: -1,
  });
  const merged = mergeImages([[image(['<none>:<none>'])], [image(['a:1'])], [image(['b:1'])]]);
  expect(merged.map(({ RepoTags }) => RepoTags)).toEqual([['a:1', 'b:1']]);
});

it('lists built-in and cluster networks once, local ones apart', () => {
  const list = (node: string) => [
    { Id: `${node}1`, Name: 'bridge', Scope: 'local' },
    { Id: `${node}2`, Name: 'mine', Scope: 'local' },
    { Id: 'ingress', Name: 'ingress', Scope: 'swarm' },
  ];
  const names = mergeNetworks([list('a'), list('b')]).map(({ Name }) => Name);
  expect(names.sort()).toEqual(['bridge', 'ingress', 'mine', 'mine']);
});

it('joins and adds up reports', () => {
  expect(
    mergeReports([
      { ContainersDeleted: null, SpaceReclaimed: 1 },
      { ContainersDeleted: ['a'], SpaceReclaimed: 2 },
      { ContainersDeleted: ['b'], SpaceReclaimed: 0 },
    ]),
  ).toEqual({ ContainersDeleted: ['a', 'b'], SpaceReclaimed: 3 });
});

it('compares API versions as numbers', () => expect(olderApi('1.41', '1.9')).toBe('1.9'));

it('marks progress with its node', () => {
  expect(labelProgress('{"id":"x","status":"Pulling"}', 'n1')).toContain('"id":"n1 x"');
  expect(labelProgress('{"status":"Done"}', 'n1')).toContain('n1: Done');
  expect(labelProgress('not JSON', 'n1')).toBe('not JSON');
});
