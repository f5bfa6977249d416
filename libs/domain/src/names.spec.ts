import { providerKey, serverName, snakeCase } from './names';
import { backoffMs } from './backoff';
import { idTime, isId, newId } from './ids';

it('names servers as the reference does', () => {
  expect(serverName('account-user', 'dev', '1 Staging', 'Näme_1')).toBe(
    'account-user-dev-1-staging-name-1',
  );
  expect(providerKey('Account User', 'aws-ec2')).toBe('account-user-aws-ec2');
  expect(serverName('a'.repeat(300), 'b', 'c', 'd')).toHaveLength(255);
});

it('prints an integration name in snake case', () => {
  expect(snakeCase("Andrei's docker integration")).toBe('andrei_s_docker_integration');
  expect(snakeCase('My Docker Account')).toBe('my_docker_account');
});

it('makes ids that sort by time', () => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  expect(isId(newId())).toBe(true);
  expect(newId(now) < newId(now + 1000)).toBe(true);
  expect(idTime(newId(now))).toBe(now);
});

it('backs off further each time, up to a bound, never below half of it', () => {
  const low = { random: () => 0 };
  expect([0, 1, 2, 20].map((attempts) => backoffMs(attempts, low))).toEqual([
    500, 1000, 2000, 30_000,
  ]);
});
