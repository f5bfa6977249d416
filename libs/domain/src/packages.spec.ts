import { conflictingPackages, PACKAGE_CATALOGUE, resolvePackage } from './packages';

it.each([
  ['docker', 'docker'],
  ['Docker', 'docker'],
  ['apache2', 'apache'],
  ['Node.js', 'nodejs'],
  ['postgres', 'postgresql'],
  ['apt:htop', 'apt:htop'],
  ['apt:libstdc++6', 'apt:libstdc++6'],
])('knows %s as %s', (given, canonical) => {
  expect(resolvePackage(given)).toBe(canonical);
});

it.each([
  '',
  'no-such-thing',
  'apt:',
  'apt:x',
  'apt:-rf',
  'apt:a b',
  'apt:a;reboot',
  'apt:a\nb1',
  ' docker',
  `apt:${'a'.repeat(200)}`,
])('does not know %j', (given) => {
  expect(resolvePackage(given)).toBeNull();
});

it('has no name or alias twice', () => {
  const names = PACKAGE_CATALOGUE.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

it('finds packages that would listen on the same port', () => {
  expect(conflictingPackages(['nginx', 'docker', 'apache'])).toEqual([['apache', 'nginx']]);
  expect(conflictingPackages(['mysql', 'mariadb'])).toEqual([['mysql', 'mariadb']]);
  expect(conflictingPackages(['mysql', 'nginx', 'apt:htop'])).toEqual([]);
});
