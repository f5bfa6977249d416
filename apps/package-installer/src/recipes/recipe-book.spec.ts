import { PACKAGE_CATALOGUE } from '@cloudhero/domain';
import { RECIPE_NAMES, recipeOf } from './recipe-book';

it('has a recipe for everything in the catalogue, and for nothing else', () => {
  const catalogue = PACKAGE_CATALOGUE.map(({ name }) => name);
  expect([...RECIPE_NAMES].sort()).toEqual(catalogue.sort());
});

it.each(RECIPE_NAMES)('%s says what to install and how to see that it works', (name) => {
  const { apt, check } = recipeOf(name);
  const lists = 'ubuntu' in apt ? [apt.debian, apt.ubuntu] : [apt];
  for (const list of lists) expect(list.length).toBeGreaterThan(0);
  expect(check).not.toBe('');
});

it('passes an apt package through, as its maintainers mean it to be', () => {
  expect(recipeOf('apt:htop')).toMatchObject({ apt: ['htop'], recommends: true });
});

it('knows nothing else', () => {
  expect(() => recipeOf('htop')).toThrow('no recipe for htop');
});
