import type { OwnedResource } from '@cloudhero/cloud';
import { findOrphans } from './find-orphans';

const known = {
  known: () =>
    Promise.resolve({
      environments: new Set(['living']),
      servers: new Set(['on a node']),
      launches: new Set(['open']),
    }),
};
const orphansOf = async (...owned: Partial<OwnedResource>[]) =>
  (await findOrphans(owned as OwnedResource[], known)).map(({ id }) => id);

it('leaves alone what a node has, and what an open launch may still give to one', async () => {
  expect(
    await orphansOf(
      { kind: 'server', id: 'on a node', environmentId: 'living', launchId: 'closed' },
      { kind: 'server', id: 'new', environmentId: 'living', launchId: 'open' },
    ),
  ).toEqual([]);
});

it('finds servers that no node has, even in an environment that lives', async () => {
  const stray = {
    kind: 'server',
    id: 'stray',
    environmentId: 'living',
    launchId: 'closed',
  } as const;
  const unmarked = { kind: 'server', id: 'unmarked' } as const;
  expect(await orphansOf(stray, unmarked)).toEqual(['stray', 'unmarked']);
});

it('finds what was made for an environment that is gone, and nothing of one that lives', async () => {
  expect(
    await orphansOf(
      { kind: 'firewall', id: 'old', environmentId: 'gone' },
      { kind: 'volume', id: 'nameless' },
      { kind: 'tag', id: 'in use', environmentId: 'living' },
    ),
  ).toEqual(['old', 'nameless']);
});
