import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

interface Tokens {
  persistent_token: string;
  refreshing_token: string;
  errors: string[];
}

let gateway: TestGateway;
const account = {
  email: 'my@email.com',
  password: 'secretpassword',
  password_confirm: 'secretpassword',
  name: 'company name',
  user_name: 'my@email.com',
};
const tokensOf = (answer: { body: never }) => (answer.body as [Tokens])[0];
const works = async (key: string) => (await gateway.call('/applications', { key })).status === 200;

describeWithServices('accounts', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it('registers as the reference prints it, and again for the same Idempotency-Key', async () => {
    const call = { body: account, headers: { 'idempotency-key': 'one' } };
    const answer = await gateway.call('/accounts/register', call);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual([
      {
        persistent_token: expect.stringMatching(/^\d{38}$/),
        errors: [],
        refreshing_token: expect.any(String),
      },
    ]);
    const again = await gateway.call('/accounts/register', call);
    expect([again.status, again.body]).toEqual([201, answer.body]);
    const { client } = gateway.resources.database;
    const kept = JSON.stringify(await client.idempotencyKey.findMany());
    expect(kept).not.toContain(tokensOf(answer).persistent_token);
  });

  it.each([
    ['Authentication-Token', (key: string) => key],
    ['Authorization', (key: string) => key],
    ['Authorization', (key: string) => `Bearer ${key}`],
    ['Authorization', (key: string) => `bearer  ${key}`],
  ])('takes a key in %s', async (header, value) => {
    const key = await gateway.register();
    const answer = await gateway.call('/providers', { headers: { [header]: value(key) } });
    expect([answer.status, answer.body]).toEqual([200, { ec2: [], digital_ocean: [] }]);
  });

  it('logs in with the right password only', async () => {
    const { email, password } = account;
    const answer = await gateway.call('/accounts/login', {
      body: { email: email.toUpperCase(), password },
    });
    expect(answer.status).toBe(200);
    expect(await works(tokensOf(answer).persistent_token)).toBe(true);
    for (const body of [
      { email, password: 'wrongpassword' },
      { email: 'no@email.com', password },
    ]) {
      expect((await gateway.call('/accounts/login', { body })).status).toBe(401);
    }
  });

  it('ends what a refreshing token made once that is used twice', async () => {
    const { email, password } = account;
    const login = tokensOf(await gateway.call('/accounts/login', { body: { email, password } }));
    const body = { refreshing_token: login.refreshing_token };
    const refreshed = tokensOf(await gateway.call('/accounts/token', { body }));
    expect(await works(refreshed.persistent_token)).toBe(true);
    expect((await gateway.call('/accounts/token', { body })).status).toBe(401);
    expect(await works(refreshed.persistent_token)).toBe(false);
    const rest = { refreshing_token: refreshed.refreshing_token };
    expect((await gateway.call('/accounts/token', { body: rest })).status).toBe(401);
    expect(await works(login.persistent_token)).toBe(true);
  });

  it('makes keys that may only read, renames and revokes them', async () => {
    const key = await gateway.register();
    const body = { name: 'dashboard', scope: 'read' };
    const made = (await gateway.call('/accounts/keys', { key, body })).body as {
      id: string;
      persistent_token: string;
    };
    const reader = made.persistent_token;
    expect(await works(reader)).toBe(true);
    const application = { application_name: 'a', application_type: 'custom' };
    const write = await gateway.call('/applications', { key: reader, body: application });
    expect(write.status).toBe(403);
    const id = 'f'.repeat(24);
    for (const path of ['stop', 'start', 'delete', 'docker']) {
      const answer = await gateway.call(`/environments/${id}/${path}`, { key: reader });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const path = `/accounts/keys/${made.id}`;
    const renamed = await gateway.call(path, { key, method: 'PATCH', body: { name: 'screen' } });
    expect(renamed.body).toMatchObject({
      name: 'screen',
      persistent_token: `••••${reader.slice(-4)}`,
    });
    expect((await gateway.call(path, { key, method: 'DELETE' })).status).toBe(204);
    expect(await works(reader)).toBe(false);
    const listed = (await gateway.call('/accounts/keys?limit=1', { key })).body as unknown[];
    expect(listed).toHaveLength(1);
  });

  it('slows down who guesses passwords', async () => {
    const body = { email: 'guessed@email.com', password: 'guess' };
    const guesses = Array.from({ length: 12 }, () => gateway.call('/accounts/login', { body }));
    const answers = await Promise.all(guesses);
    const limited = answers.filter((answer) => answer.status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
