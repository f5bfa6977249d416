import { OwnerIndex, primaryName } from './owner-index';

const id = (start: string) => start.padEnd(64, '0');
const filled = () => {
  const index = new OwnerIndex();
  index.add({ id: id('abc1'), name: 'web', nodeId: 'n1' });
  index.add({ id: id('abc2'), name: 'db', nodeId: 'n2' });
  index.add({ id: id('fee'), name: 'abc1', nodeId: 'n2' });
  return index;
};

it.each([
  [id('abc2'), 'n2'],
  ['web', 'n1'],
  ['/web', 'n1'],
  ['abc2', 'n2'],
  ['fe', 'n2'],
])('finds %s', (reference, nodeId) => {
  expect(filled().find(reference)).toMatchObject({ kind: 'one', owned: { nodeId } });
});

it('takes a name before the beginning of an id, and does not guess', () => {
  expect(filled().find('abc1')).toMatchObject({ owned: { id: id('fee') } });
  expect(filled().find('abc').kind).toBe('ambiguous');
  expect(filled().find('abc', 'n1').kind).toBe('one');
  expect(filled().find('we').kind).toBe('none');
  expect(filled().find('web', 'n2').kind).toBe('none');
});

it('counts, renames and removes', () => {
  const index = filled();
  index.rename(id('abc1'), 'site');
  expect(index.named('web')).toBeUndefined();
  expect(index.named('site')?.nodeId).toBe('n1');
  index.remove(id('fee'));
  expect([index.count('n1'), index.count('n2'), index.count('n3')]).toEqual([1, 1, 0]);
});

it('takes a list, but what happened after it was asked for stays', () => {
  const index = filled();
  const since = index.now();
  index.add({ id: id('new'), name: 'new', nodeId: 'n2' });
  index.remove(id('abc2'));
  index.replace('n2', [{ id: id('abc2'), name: 'db' }], since);
  expect(index.find('new').kind).toBe('one'); // created meanwhile
  expect(index.find('db').kind).toBe('none'); // removed meanwhile
  expect(index.find(id('fee')).kind).toBe('none'); // not listed any more
  expect(index.find('web').kind).toBe('one'); // another node's
});

it('tells a name from link aliases', () => {
  expect(primaryName(['/other/alias', '/web'])).toBe('web');
  expect(primaryName(null)).toBe('');
});
