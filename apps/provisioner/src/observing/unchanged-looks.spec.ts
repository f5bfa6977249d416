import { UnchangedLooks } from './unchanged-looks';

const scope = { providerId: 'p', region: 'r' };
const server = (id: string) => ({ id, state: 'running' }) as const;
const servers = [server('1'), server('2')];

function agreedAt(now: number) {
  const looks = new UnchangedLooks();
  looks.agreed(scope, servers, now);
  return looks;
}

it('covers a look that shows the very same', () => {
  expect(agreedAt(0).covers(scope, [...servers], 1000)).toBe(true);
});

it.each([
  ['a server that has changed', [server('1'), servers[1]]],
  ['a server that is gone', [servers[0]]],
  ['a new server', [...servers, server('3')]],
])('covers no look with %s', (_, shown) => {
  expect(agreedAt(0).covers(scope, shown as typeof servers, 1000)).toBe(false);
});

it('covers nothing for long, nothing elsewhere, and nothing after a difference', () => {
  const looks = agreedAt(0);
  expect(looks.covers(scope, servers, 301_000)).toBe(false);
  expect(looks.covers({ ...scope, region: 'other' }, servers, 1)).toBe(false);
  looks.differed(scope);
  expect(looks.covers(scope, servers, 1)).toBe(false);
});
