import { CloudHeroError } from '@cloudhero/domain';
import { SshError } from '../ssh/ssh.error';
import { decideFailure } from './failure-policy';

it('fails at once where waiting cannot help', () => {
  const error = new CloudHeroError('package_failed', 'no such package');
  expect(decideFailure(error, 0)).toMatchObject({ retry: false, code: 'package_failed' });
});

it('tries a mirror five times, and then says that it did', () => {
  const error = new CloudHeroError('package_retry', 'Fetching failed.');
  expect(decideFailure(error, 3)).toMatchObject({ retry: true, code: 'package_retry' });
  expect(decideFailure(error, 4)).toEqual({
    retry: false,
    code: 'package_failed',
    message: 'Fetching failed. Given up after 5 attempts.',
  });
});

it('connects again when a connection is lost, and never to another machine', () => {
  const lost = new SshError('lost', 'it broke off');
  expect(decideFailure(lost, 0)).toMatchObject({ retry: true, code: 'ssh_unreachable' });
  const other = new SshError('mismatch', 'another key');
  expect(decideFailure(other, 0)).toMatchObject({ retry: false, code: 'host_key_mismatch' });
});

it('waits longer after each attempt, half a minute at most', () => {
  const first = decideFailure(new Error('x'), 0);
  const later = decideFailure(new Error('x'), 12);
  expect(first).toMatchObject({ retry: true, code: 'internal' });
  expect(first.retry && first.waitMs).toBeLessThanOrEqual(500);
  expect(later.retry && later.waitMs).toBeGreaterThanOrEqual(15_000);
  expect(later.retry && later.waitMs).toBeLessThanOrEqual(30_000);
});
