import { dropletOf } from '../testing/do-client';
import { TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
});
afterAll(() => sandbox.dispose());
afterEach(() => sandbox.admin('DELETE', 'knobs'));

const turn = (knobs: object) => sandbox.admin('PUT', 'knobs', knobs);
const newAccount = () =>
  sandbox.admin<{ token: string; account: string }>('POST', 'accounts', {
    cloud: 'digital_ocean',
  });

it('tells of the limit with every answer, and of the wait when it is reached', async () => {
  await turn({ throttling: { enabled: true, scale: 0.02 } });
  const { token } = await newAccount();
  const account = () => sandbox.digitalOcean(token).call<{ id: string }>('GET', 'account');
  const first = await account();
  expect(first.headers.get('ratelimit-limit')).toBe('100');
  expect(first.headers.get('ratelimit-remaining')).toBe('99');
  const reset = Number(first.headers.get('ratelimit-reset'));
  expect(Math.abs(reset - Date.now() / 1000 - 3600)).toBeLessThan(5);
  for (let call = 1; call < 5; call++) expect((await account()).status).toBe(200);
  const refused = await account();
  expect(refused).toMatchObject({ status: 429, body: { id: 'too_many_requests' } });
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(50);
  expect(wait).toBeLessThanOrEqual(60);
  const other = await newAccount();
  expect((await sandbox.digitalOcean(other.token).call('GET', 'account')).status).toBe(200);
});

it('lists keys ten times a minute and no more', async () => {
  await turn({ throttling: { enabled: true } });
  const { token } = await newAccount();
  const list = () => sandbox.digitalOcean(token).call('GET', 'account/keys');
  for (let call = 0; call < 10; call++) expect((await list()).status).toBe(200);
  expect((await list()).status).toBe(429);
  expect((await sandbox.digitalOcean(token).call('GET', 'droplets')).status).toBe(200);
});

it('throttles the one account that a knob names', async () => {
  const [slow, free] = [await newAccount(), await newAccount()];
  await turn({ throttling: { enabled: true, scale: 0.004, account: slow.account } });
  const account = ({ token }: { token: string }) =>
    sandbox.digitalOcean(token).call('GET', 'account');
  expect((await account(slow)).status).toBe(200);
  expect((await account(slow)).status).toBe(429);
  for (let call = 0; call < 3; call++) expect((await account(free)).status).toBe(200);
});

it('refuses tokens that are unknown, revoked or without rights', async () => {
  const { token, account } = await newAccount();
  const status = async (with_: string) =>
    (await sandbox.digitalOcean(with_).call('GET', 'droplets')).status;
  expect(await status('unknown')).toBe(401);
  expect(await status(token)).toBe(200);
  await sandbox.admin('PUT', `accounts/${token}`, { status: 'forbidden' });
  expect(await status(token)).toBe(403);
  await sandbox.admin('DELETE', `accounts/${account}`);
  expect(await status(token)).toBe(401);
});

it('keeps accounts apart', async () => {
  const [own, other] = [await newAccount(), await newAccount()];
  const made = await sandbox
    .digitalOcean(own.token)
    .call<{ droplet: { id: number } }>('POST', 'droplets', dropletOf('mine'));
  const { id } = made.body.droplet;
  expect((await sandbox.digitalOcean(other.token).call('GET', `droplets/${id}`)).status).toBe(404);
  expect(await sandbox.digitalOcean(other.token).droplets()).toEqual([]);
});

it('makes the droplet and loses the reply', async () => {
  const { token } = await newAccount();
  await turn({ lostReplies: [{ action: 'droplets.create', cloud: 'digital_ocean', count: 1 }] });
  const create = () => sandbox.digitalOcean(token).call('POST', 'droplets', dropletOf('lost'));
  await expect(create()).rejects.toThrow();
  expect((await create()).status).toBe(202);
  expect(await sandbox.digitalOcean(token).droplets('name=lost')).toHaveLength(2);
});

it('fails calls by their names, at the cloud that a knob names', async () => {
  await turn({
    errors: [
      { action: 'droplets.list', code: 'service_unavailable', count: 1 },
      { action: '*', code: 'InternalError', cloud: 'ec2' },
      { action: 'droplets.get', code: 'too_many_requests', count: 1 },
    ],
  });
  const client = sandbox.digitalOcean();
  expect((await client.call('GET', 'droplets')).status).toBe(503);
  expect((await client.call('GET', 'droplets')).status).toBe(200);
  const limited = await client.call('GET', 'droplets/1');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
});

it('keeps to a quota, which the account shows', async () => {
  const { token } = await newAccount();
  await turn({ quota: { instances: 1, cloud: 'digital_ocean' } });
  const client = sandbox.digitalOcean(token);
  const { account } = await client.get<{ account: { droplet_limit: number } }>('account');
  expect(account.droplet_limit).toBe(1);
  expect((await client.call('POST', 'droplets', dropletOf('one'))).status).toBe(202);
  expect(await client.call('POST', 'droplets', dropletOf('two'))).toMatchObject({
    status: 422,
    body: { message: 'creating this/these droplet(s) will exceed your droplet limit' },
  });
});

it('counts calls by cloud', async () => {
  await sandbox.admin('DELETE', 'calls');
  await sandbox.digitalOcean().droplets();
  await sandbox.digitalOcean().call('GET', 'nothing');
  const calls = { total: 2, actions: { 'droplets.list': 1, unknown: 1 } };
  expect(await sandbox.admin('GET', 'calls?cloud=digital_ocean')).toEqual(calls);
  expect(await sandbox.admin('GET', 'calls')).toEqual(calls);
  expect(await sandbox.admin('GET', 'calls?cloud=ec2')).toEqual({ total: 0, actions: {} });
});
