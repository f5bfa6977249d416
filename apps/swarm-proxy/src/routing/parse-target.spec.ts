import { parseTarget } from './parse-target';

it('takes a path apart, with and without a version', () => {
  expect(parseTarget('/swarm/ENV/v1.41/containers/json?all=1')).toEqual({
    environmentId: 'ENV',
    version: '/v1.41',
    path: '/containers/json',
    rawPath: '/containers/json',
    query: '?all=1',
  });
  expect(parseTarget('/swarm/ENV/_ping')).toMatchObject({ version: '', path: '/_ping' });
  expect(parseTarget('/swarm/ENV')).toMatchObject({ path: '/' });
});

it('decodes for matching and keeps what came for forwarding', () => {
  expect(parseTarget('/swarm/E/images/a%2Fb/json')).toMatchObject({
    path: '/images/a/b/json',
    rawPath: '/images/a%2Fb/json',
  });
});

it.each([
  '/swarm/E/containers/../swarm/leave',
  '/swarm/E/containers/%2e%2e/swarm',
  '/swarm/E/containers/x%2F..%2F..%2Fswarm',
  '/swarm/E//swarm/leave',
  '/swarm/E/containers/./json',
  '/swarm/E/containers/%00/json',
  '/swarm/E/containers/%zz/json',
])('refuses %s', (url) => expect(parseTarget(url)).toBe('bad'));

it('does not know other paths', () => expect(parseTarget('/health')).toBeNull());
