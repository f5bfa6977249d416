import { Sealer, sealContext } from '@cloudhero/secrets';
import { AccessService } from './access.service';
import { ExpiringCache } from './expiring-cache';
import { readToken } from './read-token';
import { hasCredentials, registryAuth, registryOf } from './registry-auth';

it.each([
  [{ 'authentication-token': 'KEY' }, 'KEY'],
  [{ authorization: 'KEY' }, 'KEY'],
  [{ authorization: 'Bearer KEY' }, 'KEY'],
  [{ authorization: 'bearer  KEY' }, 'KEY'],
  [{ authorization: 'Basic a b' }, null],
  [{}, null],
  [{ 'authentication-token': 'x'.repeat(300) }, null],
])('reads the key of %j', (headers, key) => expect(readToken(headers)).toBe(key));

it('lets a reading key read, and asks once for many calls', async () => {
  const findKey = jest.fn(async () => ({ id: 'k', organisationId: 'o', scope: 'read' as const }));
  const access = new AccessService({ findKey });
  const headers = { 'authentication-token': 'KEY' };
  await expect(access.authenticate('GET', headers)).resolves.toMatchObject({ id: 'k' });
  await expect(access.authenticate('POST', headers)).rejects.toMatchObject({ status: 403 });
  await expect(access.authenticate('GET', {})).rejects.toMatchObject({ status: 401 });
  expect(findKey).toHaveBeenCalledTimes(1);
});

it('keeps answers for a while, a bounded number of them, and no failures', async () => {
  const load = jest.fn(async (key: string) => {
    if (key === 'bad') throw new Error('no');
    return key;
  });
  const cache = new ExpiringCache(load, { ttlMs: 10, maxEntries: 2 });
  for (const [key, now] of [
    ['a', 0],
    ['a', 5],
    ['a', 20],
    ['b', 20],
    ['c', 20],
    ['a', 21],
  ] as const) {
    await cache.get(key, now);
  }
  expect(load.mock.calls.flat()).toEqual(['a', 'a', 'b', 'c', 'a']);
  await expect(cache.get('bad')).rejects.toThrow();
  await expect(cache.get('bad')).rejects.toThrow();
  expect(load).toHaveBeenCalledTimes(7);
});

it.each([
  ['nginx', 'docker.io'],
  ['team/web:1', 'docker.io'],
  ['registry-1.docker.io/team/web', 'docker.io'],
  ['host:5000/web', 'host:5000'],
  ['localhost/web', 'localhost'],
])('%s is from %s', (image, registry) => expect(registryOf(image)).toBe(registry));

it('knows the CLI’s empty credentials from real ones', () => {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  expect([undefined, '', 'e30=', encoded({ serveraddress: 'x' })].map(hasCredentials)).toEqual(
    Array(4).fill(false),
  );
  expect(hasCredentials(encoded({ identitytoken: 'x' }))).toBe(true);
});

it('gives the credentials of the integration for the image’s registry, and of no other', () => {
  const sealer = new Sealer(`1:${Buffer.alloc(32, 1).toString('base64')}`);
  const hub = {
    id: 'i',
    url: 'https://index.docker.io/v1/',
    username: 'joe',
    email: 'j@example.com',
    sealedPassword: sealer.seal('secret', sealContext.integration('i')),
  };
  const header = registryAuth('team/web', [hub], sealer) ?? '';
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    username: 'joe',
    password: 'secret',
    email: 'j@example.com',
    serveraddress: 'https://index.docker.io/v1/',
  });
  expect(registryAuth('host:5000/web', [hub], sealer)).toBeUndefined();
});
