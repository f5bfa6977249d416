import { execFileSync } from 'node:child_process';
import { remoteScript, RUN_COMMAND } from '../ssh/remote-script';
import { BOOT_SCRIPT, hostKeyIn, USE_HOST_KEY_SCRIPT } from './boot-scripts';

it.each([
  ['waiting for the boot', remoteScript(BOOT_SCRIPT)],
  ['using the host key', remoteScript(USE_HOST_KEY_SCRIPT)],
  ['running a script', RUN_COMMAND],
])('has shell code that bash accepts for %s', (_, input) => {
  execFileSync('bash', ['-n'], { input });
});

it('finds the host key among what else is printed', () => {
  expect(hostKeyIn('noise\nhost-key:ssh-ed25519 AAAA node1\n')).toBe('ssh-ed25519 AAAA node1');
  expect(hostKeyIn('host-key:\n')).toBeUndefined();
  expect(hostKeyIn('')).toBeUndefined();
});

it('runs nothing of a script that arrived in part', () => {
  const script = remoteScript('echo ran').slice(0, -20);
  const run = () =>
    execFileSync('bash', ['-s'], { input: script, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  try {
    output = run().toString();
  } catch {
    // bash refuses it
  }
  expect(output).not.toContain('ran');
});
