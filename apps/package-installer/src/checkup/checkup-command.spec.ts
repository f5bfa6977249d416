import { execFileSync } from 'node:child_process';
import { checkupCommand, readCheckup } from './checkup-command';

it('tells one boot from another, and says the same twice within one', () => {
  const ask = () => execFileSync('sh', ['-c', checkupCommand([])], { encoding: 'utf8' });
  const { bootId } = readCheckup([], ask());
  expect(bootId).toMatch(/^[0-9a-f-]{36}\/\d+$/);
  expect(readCheckup([], ask()).bootId).toBe(bootId);
});

it('takes a unit as down that is anything but active, or that nothing was said of', () => {
  const boot = '0b5f5a5e-3b5c-4f0e-9d64-0d3a7b1f9c11/7';
  const units = ['docker', 'nginx', 'mysql', 'redis-server'];
  expect(readCheckup(units, `${boot}\nactive\ninactive\nactivating\n`)).toEqual({
    bootId: boot,
    down: ['nginx', 'mysql', 'redis-server'],
  });
});

it('knows no boot where the answer is none', () => {
  expect(
    readCheckup([], 'cat: /proc/sys/kernel/random/boot_id: Permission denied\n/1').bootId,
  ).toBe(null);
});
