import { execFileSync } from 'node:child_process';
import { RECIPE_NAMES, recipeOf } from '../recipes/recipe-book';
import { remoteScript } from '../ssh/remote-script';
import { installScript } from './install-script';

/** What a script, cut off at the package manager, has made of its variables. */
function packagesOn(distribution: string, name: string): string {
  const script = installScript(recipeOf(name))
    .replace('. /etc/os-release', `ID=${distribution}`)
    .split('\n');
  const end = script.findIndex((line) => line.startsWith('apt_for()'));
  const start = script.findIndex((line) => line.startsWith('fresh || update'));
  const code = `ID=${distribution}\n${script.slice(start + 1, end).join('\n')}\necho "\${packages[@]}"`;
  return execFileSync('bash', ['-c', code], { encoding: 'utf8' }).trim();
}

it.each(RECIPE_NAMES)('makes shell code that bash accepts for %s', (name) => {
  const script = remoteScript(installScript(recipeOf(name)));
  execFileSync('bash', ['-n'], { input: script });
});

it('chooses the distribution’s own packages', () => {
  expect(packagesOn('debian', 'mysql')).toBe('default-mysql-server');
  expect(packagesOn('ubuntu', 'mysql')).toBe('mysql-server');
});

it('puts files in place before the packages, whatever is in them', () => {
  const script = installScript(recipeOf('docker'), [
    { path: '/etc/docker/tls/key.pem', content: "it's $SECRET\nEND\n", mode: '600' },
  ]);
  expect(script).not.toContain('$SECRET');
  expect(script.indexOf('/etc/docker/tls/key.pem')).toBeLessThan(script.indexOf('docker.io'));
});

it('gives an unknown package no way out of its quotes', () => {
  const script = installScript(recipeOf("apt:x';reboot;'"));
  execFileSync('bash', ['-n'], { input: remoteScript(script) });
  expect(script).toContain(`packages=('x'\\'';reboot;'\\''')`);
});
