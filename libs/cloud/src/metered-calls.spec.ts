import { costOf as doCost, exhausted } from './drivers/digitalocean/do-budget';
import { costOf as ec2Cost } from './drivers/ec2/ec2-budget';
import { credentialId } from './metered-calls';

const account = (credentials: Record<string, string>) => ({
  providerId: 'p',
  type: 'ec2' as const,
  credentials,
  installationId: 'i',
});

it('names a credential by its key, and does not show it', () => {
  const one = credentialId(account({ accessKey: 'AKIA1', secretKey: 'x' }));
  expect(one).toMatch(/^[0-9a-f]{24}$/);
  expect(credentialId({ ...account({ accessKey: 'AKIA1' }), providerId: 'q' })).toBe(one);
  expect(credentialId(account({ accessKey: 'AKIA2' }))).not.toBe(one);
  expect(credentialId({ ...account({ accessKey: 'AKIA1' }), endpoint: 'http://x' })).not.toBe(one);
});

it.each([
  ['RunInstances', { MaxCount: 7 }, ['RunInstances 1', 'RunInstances:servers 7'], 'launch'],
  [
    'StartInstances',
    { InstanceIds: ['a', 'b'] },
    ['StartInstances 1', 'StartInstances:servers 2'],
    'launch',
  ],
  ['StopInstances', { InstanceIds: ['a'] }, ['mutating 1', 'StopInstances:servers 1'], 'launch'],
  [
    'TerminateInstances',
    { InstanceIds: ['a'] },
    ['TerminateInstances 1', 'TerminateInstances:servers 1'],
    'delete',
  ],
  ['DeleteSecurityGroup', {}, ['mutating 1'], 'delete'],
  ['CreateTags', {}, ['CreateTags 1'], 'launch'],
  ['DescribeInstances', { Filters: [] }, ['filtered 1'], 'poll'],
  ['DescribeRegions', {}, ['unfiltered 1'], 'poll'],
])('takes for EC2’s %s what AWS counts for it', (action, input, taken, priority) => {
  const cost = ec2Cost('eu-west-1', action, input);
  expect(cost.buckets.map((it) => `${it.bucket.name} ${it.cost}`)).toEqual(
    taken.map((name) => `eu-west-1:${name}`),
  );
  expect(cost.priority).toBe(priority);
});

it('takes for DigitalOcean by minute and hour, and lists of keys besides', () => {
  const names = (method: string, path: string) =>
    doCost(method, path).buckets.map(({ bucket }) => bucket.name);
  expect(names('get', '/droplets')).toEqual(['minute', 'hour']);
  expect(names('get', '/account/keys')).toEqual(['minute', 'hour', 'key-lists']);
  expect(names('get', '/account/keys/aa:bb')).toEqual(['minute', 'hour']);
  expect(names('post', '/account/keys')).toEqual(['minute', 'hour']);
  expect(doCost('delete', '/droplets/1').priority).toBe('delete');
});

it('tells which of DigitalOcean’s limits a refusal was for', () => {
  expect(exhausted('get', '/droplets', '0').name).toBe('hour');
  expect(exhausted('get', '/droplets', '4000').name).toBe('minute');
  expect(exhausted('get', '/account/keys', '4000').name).toBe('key-lists');
});
