import { Agent, request as httpRequest } from 'node:http';
import { refusal } from '../testing/fake-cloud';
import { describeWithServices } from '../testing/services';
import { TestGateway, type Call } from '../testing/test-gateway';

interface ErrorBody {
  errors: { code: string; message: string; field?: string }[];
  request_id: string;
}

const NOBODY = 'f'.repeat(24);
const LONG = 'x'.repeat(5000);
let gateway: TestGateway;
let key: string;
let stranger: string;
let provider: string;
let application: string;
let environment: string;

const node = { packages: ['docker'], name: 'one', size: 't2.small' };
const spare = (...sizes: string[]) => ({ nodes: [{ ...node, fallback_sizes: sizes }] });
interface BodyCall {
  method?: string;
  path: () => string;
  body: () => Record<string, unknown>;
}
/** Every call that takes a body, with one that is valid. */
const CALLS: Record<string, BodyCall> = {
  register: {
    path: () => '/accounts/register',
    body: () => ({
      email: 'new@email.com',
      password: 'secretpassword',
      password_confirm: 'secretpassword',
      name: 'company name',
      user_name: 'new@email.com',
    }),
  },
  login: {
    path: () => '/accounts/login',
    body: () => ({ email: 'my@email.com', password: 'secretpassword' }),
  },
  token: { path: () => '/accounts/token', body: () => ({ refreshing_token: 'abc' }) },
  key: { path: () => '/accounts/keys', body: () => ({ name: 'ci' }) },
  ec2: {
    path: () => '/providers',
    body: () => ({
      cloud_provider: 'ec2',
      provider_name: 'other',
      accessKey: 'AWSAccessKey',
      secretKey: 'AWSSecretKey',
    }),
  },
  digitalocean: {
    path: () => '/providers',
    body: () => ({ cloud_provider: 'digital_ocean', provider_name: 'do', access_token: 'token' }),
  },
  application: {
    path: () => '/applications',
    body: () => ({ application_name: 'My App', application_type: 'custom' }),
  },
  'docker-hub': {
    path: () => '/integrations/docker-hub',
    body: () => ({
      name: "Andrei's docker integration",
      url: 'https://index.docker.io/v1/',
      username: 'username',
      password: 'secretpass',
      email: 'user@email.net',
    }),
  },
  environment: {
    path: () => `/applications/${application}/environments`,
    body: () => ({
      provider_id: provider,
      region: 'us-east-1',
      environment: 'e',
      nodes: [node],
    }),
  },
  repair: {
    method: 'PATCH',
    path: () => `/environments/${environment}`,
    body: () => ({ repair: true }),
  },
  nodes: { path: () => `/environments/${environment}/nodes`, body: () => ({ nodes: [node] }) },
};
const FIELDS = Object.entries(CALLS).flatMap(([name, call]) =>
  Object.keys(call.body()).map((field) => [name, field] as const),
);
const SPOILT: [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['a number', 7],
  ['a list of nothing', []],
  ['an object', { a: 1 }],
  ['too long', LONG],
  ['blank', ''],
  ['NUL', 'a\0b'],
  ['half a surrogate pair', '\ud800'],
];

const TABLES = [
  'Organisation',
  'ApiKey',
  'Provider',
  'Application',
  'Integration',
  'Environment',
  'Node',
];
const COUNTS = TABLES.map((table) => `(SELECT count(*)::int FROM "${table}") AS "${table}"`);

function rows(): Promise<unknown> {
  return gateway.resources.database.client.$queryRawUnsafe(`SELECT ${COUNTS.join(', ')}`);
}

/** Sends, and sees that the answer is a clear 4xx and that nothing was written. */
async function refused(path: string, call: Call): Promise<ErrorBody & { status: number }> {
  const before = await rows();
  const answer = await gateway.call(path, { key, ...call });
  expect(answer.text).toContain('"errors":[{"code"');
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await rows()).toEqual(before);
  expect((answer.body as ErrorBody).request_id).toBe(answer.headers.get('x-request-id'));
  return { ...(answer.body as ErrorBody), status: answer.status };
}

describeWithServices('bad input', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    key = await gateway.register('my@email.com');
    stranger = await gateway.register();
    ({ provider, application } = await gateway.outfit(key));
    const made = await gateway.call(`/applications/${application}/environments`, {
      key,
      headers: { prefer: 'respond-async' },
      body: { provider_id: provider, region: 'us-east-1', environment: 'taken', nodes: [node] },
    });
    ({ environment } = made.body);
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it.each(FIELDS)('%s: %s is checked', async (name, field) => {
    const { method = 'POST', path, body } = CALLS[name] as BodyCall;
    for (const [kind, value] of SPOILT) {
      // Whoever logs in with a wrong e-mail is told no more than that it is wrong.
      if (name === 'login' && typeof value === 'string') continue;
      if (name === 'token' && kind !== 'too long' && typeof value === 'string' && value) continue;
      const { status, errors } = await refused(path(), {
        method,
        body: { ...body(), [field]: value },
      });
      expect([kind, status]).toEqual([kind, 422]);
      const fields = errors.map((error) => error.field ?? '');
      expect([kind, fields]).toEqual([
        kind,
        expect.arrayContaining([expect.stringContaining(field)]),
      ]);
      if (kind === 'missing') expect(errors[0]?.code).toMatch(/required|invalid_value/);
    }
  });

  it.each(Object.keys(CALLS))(
    '%s: what is not a field is refused, each by its name',
    async (name) => {
      const { method = 'POST', path, body } = CALLS[name] as BodyCall;
      const { errors } = await refused(path(), {
        method,
        body: { ...body(), colour: 1, __size: 2 },
      });
      expect(errors).toEqual([
        { code: 'unknown_field', message: expect.any(String), field: 'colour' },
        { code: 'unknown_field', message: expect.any(String), field: '__size' },
      ]);
    },
  );

  it.each<[string, Call, number]>([
    ['broken JSON', { text: '{"a":' }, 400],
    ['a poisoned prototype', { text: '{"__proto__":{"a":1}}' }, 400],
    ['a poisoned constructor', { text: '{"constructor":{"prototype":{"a":1}}}' }, 400],
    ['bytes that are not text', { text: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, 400],
    ['very deep JSON', { text: '['.repeat(200_000) + ']'.repeat(200_000) }, 422],
    ['a list', { text: '[]' }, 422],
    ['a word', { text: '"x"' }, 422],
    ['null', { text: 'null' }, 422],
    ['a huge number', { text: '{"application_name":1e999,"application_type":"custom"}' }, 422],
    ['no body', { method: 'POST' }, 422],
    ['too much', { text: JSON.stringify({ a: 'x'.repeat(1_100_000) }) }, 413],
    [
      'a form',
      { text: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['plain text', { text: 'hello', headers: { 'content-type': 'text/plain' } }, 415],
    ['an odd content type', { text: '{}', headers: { 'content-type': ';;;/' } }, 415],
  ])('a body of %s', async (_, call, status) => {
    expect((await refused('/applications', call)).status).toBe(status);
  });

  it.each<[string, unknown, string, string]>([
    ['another region', { region: 'mars-1' }, 'unknown_region', 'region'],
    ['no prototype’s region', { region: 'constructor' }, 'unknown_region', 'region'],
    ['another provider', { provider_id: NOBODY }, 'unknown_provider', 'provider_id'],
    ['another integration', { integrations: [NOBODY] }, 'unknown_integration', 'integrations[0]'],
    ['another size', { nodes: [{ ...node, size: 'huge' }] }, 'unknown_size', 'nodes[0].size'],
    ['a repair that is no yes or no', { repair: 'yes' }, 'wrong_type', 'repair'],
    ['another fallback', spare('t2.medium', 'huge'), 'unknown_size', 'nodes[0].fallback_sizes[1]'],
    ['its size as fallback', spare('t2.small'), 'size_twice', 'nodes[0].fallback_sizes[0]'],
    [
      'a fallback twice',
      spare('t2.medium', 't2.medium'),
      'size_twice',
      'nodes[0].fallback_sizes[1]',
    ],
    [
      'too many fallbacks',
      spare(...Array<string>(11).fill('x')),
      'too_big',
      'nodes[0].fallback_sizes',
    ],
    [
      'another package',
      { nodes: [{ ...node, packages: ['nope'] }] },
      'unknown_package',
      'nodes[0].packages[0]',
    ],
    [
      'ports twice',
      { nodes: [{ ...node, packages: ['apache', 'nginx'] }] },
      'packages_conflict',
      'nodes[0].packages',
    ],
    ['a name twice', { nodes: [node, { ...node, name: 'ONE' }] }, 'name_taken', 'nodes[1].name'],
    [
      'a name with blanks',
      { nodes: [{ ...node, name: 'a b' }] },
      'invalid_format',
      'nodes[0].name',
    ],
    ['a node’s odd field', { nodes: [{ ...node, colour: 1 }] }, 'unknown_field', 'nodes[0].colour'],
    [
      'too many nodes',
      { nodes: Array.from({ length: 1001 }, (_, i) => ({ ...node, name: `n${i}` })) },
      'too_many_nodes',
      'nodes',
    ],
  ])('an environment of %s', async (_, change, code, field) => {
    const { path, body } = CALLS['environment'] as BodyCall;
    const { status, errors, ...rest } = await refused(path(), {
      body: { ...body(), ...(change as object) },
    });
    expect([status, errors]).toEqual([422, [{ code, field, message: expect.any(String) }]]);
    if (code === 'unknown_package') expect(rest).toHaveProperty('packages[0].name', 'docker');
  });

  it('names are taken once', async () => {
    const body = { ...(CALLS['environment']?.body() ?? {}), environment: 'taken' };
    const path = CALLS['environment']?.path() ?? '';
    expect((await refused(path, { body })).status).toBe(409);
    const again = { ...(CALLS['ec2']?.body() ?? {}), provider_name: 'my-provider' };
    expect((await refused('/providers', { body: again })).status).toBe(409);
    const email = { ...(CALLS['register']?.body() ?? {}), email: 'MY@email.com' };
    expect((await refused('/accounts/register', { body: email })).errors[0]?.code).toBe('taken');
    const differs = { ...(CALLS['register']?.body() ?? {}), password_confirm: 'otherpassword' };
    const { errors } = await refused('/accounts/register', { body: differs });
    expect(errors[0]).toMatchObject({ code: 'passwords_differ', field: 'password_confirm' });
  });

  it.each([
    ['ec2', 'credentials_refused', false, 422, 'accessKey'],
    ['ec2', 'permission_denied', false, 422, 'accessKey'],
    ['ec2', 'cloud_unavailable', true, 503, undefined],
    ['digitalocean', 'credentials_refused', false, 422, 'access_token'],
    ['digitalocean', 'permission_denied', false, 422, 'access_token'],
    ['digitalocean', 'throttled', true, 503, undefined],
  ])('%s that says %s leaves no provider', async (cloud, code, temporary, status, field) => {
    gateway.cloud.answers['provider.verify'] = refusal(code, temporary);
    const before = await rows();
    const answer = await gateway.call('/providers', { key, body: CALLS[cloud]?.body() });
    gateway.cloud.answers['provider.verify'] = { ok: true, value: { account: '1' } };
    expect(answer.status).toBe(status);
    expect((answer.body as ErrorBody).errors[0]).toMatchObject({ code, ...(field && { field }) });
    expect(await rows()).toEqual(before);
  });

  const PATHS: [string, string][] = [
    ['GET', '/providers/ID'],
    ['GET', '/providers/ID/meta'],
    ['DELETE', '/providers/ID'],
    ['GET', '/providers/ID/orphans'],
    ['DELETE', '/providers/ID/orphans'],
    ['DELETE', '/providers/ID/orphans/us-east-1/server/i-1'],
    ['DELETE', '/integrations/ID'],
    ['DELETE', '/accounts/keys/ID'],
    ['GET', '/environments/ID'],
    ['GET', '/environments/ID/query'],
    ['GET', '/environments/ID/events'],
    ['GET', '/environments/ID/docker'],
    ['GET', '/environments/ID/nodes/one/output'],
    ['GET', '/environments/ID/stop'],
    ['GET', '/environments/ID/start'],
    ['GET', '/environments/ID/delete'],
    ['POST', '/environments/ID/stop'],
    ['POST', '/environments/ID/start'],
    ['DELETE', '/environments/ID'],
    ['DELETE', '/environments/ID/nodes/one'],
  ];
  it.each(PATHS)('%s %s: what is not there, or another’s, is a 404', async (method, path) => {
    const other = path.startsWith('/providers') ? provider : environment;
    const ids = [NOBODY, 'x', '%00', `${NOBODY}0`, 'F'.repeat(24), "'--", 'a'.repeat(5000)];
    for (const id of ids) {
      expect((await refused(path.replace('ID', id), { method })).status).toBe(404);
    }
    expect((await refused(path.replace('ID', other), { method, key: stranger })).status).toBe(404);
  });

  it('others’ ids in a body are refused as if they were nobody’s', async () => {
    const theirs = await gateway.outfit(stranger);
    const body = { ...(CALLS['environment']?.body() ?? {}), provider_id: theirs.provider };
    const { errors } = await refused(CALLS['environment']?.path() ?? '', { body });
    expect(errors[0]?.code).toBe('unknown_provider');
    const path = `/applications/${theirs.application}/environments`;
    expect((await refused(path, { body: CALLS['environment']?.body() })).status).toBe(404);
  });

  it.each<[string, string, string, number]>([
    ['an unknown path', 'GET', '/nope', 404],
    ['an unknown method', 'PUT', '/providers', 405],
    ['bad percent-encoding', 'GET', '/environments/%zz', 400],
    ['a limit that is no number', 'GET', '/applications?limit=x', 422],
    ['a limit twice', 'GET', '/applications?limit=1&limit=2', 422],
    ['a limit too high', 'GET', '/applications?limit=99999999999999999999', 422],
    ['a cursor that is none', 'GET', '/environments?cursor=%00', 422],
  ])('%s', async (_, method, path, status) => {
    expect((await refused(path, { method })).status).toBe(status);
  });

  it('says which methods a path has', async () => {
    const answer = await gateway.call('/providers', { key, method: 'PUT' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each(['', 'wrong', '1'.repeat(38), 'x'.repeat(3000)])('a wrong key: %#', async (wrong) => {
    for (const path of ['/providers', '/environments', '/packages', '/accounts/keys']) {
      const answer = await gateway.call(path, { headers: { 'authentication-token': wrong } });
      expect(answer.status).toBe(401);
    }
  });

  it.each(['', 'é', 'x'.repeat(256)])('an odd Idempotency-Key: %#', async (value) => {
    const headers = { 'idempotency-key': value };
    const call = { headers, body: { application_name: 'a', application_type: 'custom' } };
    expect((await refused('/applications', call)).status).toBe(422);
  });

  it('an address that is too long, and what is not HTTP, are told so', async () => {
    const status = await new Promise((resolve, reject) => {
      const agent = new Agent();
      const url = `${gateway.url}/${'x'.repeat(20_000)}`;
      httpRequest(url, { agent }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(431);
  });
});
