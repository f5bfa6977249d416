import { CloudHeroError } from '@cloudhero/domain';
import { SshError } from '../ssh/ssh.error';
import { decideFailure } from './failure-policy';

const after = (attempts: number, readyAt: Date | null = null) => ({ attempts, readyAt });

it('fails at once where waiting cannot help', () => {
  const error = new CloudHeroError('package_failed', 'no such package');
  expect(decideFailure(error, after(0))).toMatchObject({ retry: false, code: 'package_failed' });
});

it('is patient with a mirror for minutes, and then says so', () => {
  const error = new CloudHeroError('package_retry', 'Fetching failed.');
  let waited = 0;
  for (let attempts = 0; attempts < 19; attempts++) {
    const failure = decideFailure(error, after(attempts));
    expect(failure).toMatchObject({ retry: true, code: 'package_retry' });
    waited += failure.retry ? failure.waitMs : 0;
  }
  expect(waited).toBeGreaterThan(3 * 60_000);
  expect(decideFailure(error, after(19))).toEqual({
    retry: false,
    code: 'package_failed',
    message: 'Fetching failed. Given up after 20 attempts.',
  });
});

it.each([
  ['boot_timeout', 'node_unreachable'],
  ['ssh_unreachable', 'node_unreachable'],
  ['package_failed', 'package_down'],
  ['cluster_failed', 'not_in_cluster'],
] as const)('takes %s of a node that was ready before as %s, which can pass', (code, shown) => {
  const error = new CloudHeroError(code, 'It did not work.');
  expect(decideFailure(error, after(19, new Date(0)))).toMatchObject({ retry: false, code: shown });
  expect(decideFailure(error, after(19))).toMatchObject({ retry: false, code });
});

it('connects again when a connection is lost, and never to another machine', () => {
  const lost = new SshError('lost', 'it broke off');
  expect(decideFailure(lost, after(0))).toMatchObject({ retry: true, code: 'ssh_unreachable' });
  const other = new SshError('mismatch', 'another key');
  expect(decideFailure(other, after(0))).toMatchObject({ retry: false, code: 'host_key_mismatch' });
});

it('waits longer after each attempt, half a minute at most', () => {
  const first = decideFailure(new Error('x'), after(0));
  const later = decideFailure(new Error('x'), after(12));
  expect(first).toMatchObject({ retry: true, code: 'internal' });
  expect(first.retry && first.waitMs).toBeLessThanOrEqual(500);
  expect(later.retry && later.waitMs).toBeGreaterThanOrEqual(15_000);
  expect(later.retry && later.waitMs).toBeLessThanOrEqual(30_000);
});
