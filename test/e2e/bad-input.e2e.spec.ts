import { Client, type ErrorBody, REGION, SIZE, unique } from './support/client';
import { leftovers } from './support/cloud-leftovers';
import { sandbox } from './support/sandbox';
import { stack } from './support/stack';

describe('what a cloud or a customer gets wrong', () => {
  let client: Client;
  let cloud: Awaited<ReturnType<typeof sandbox.createAccount>>;
  let provider: string;
  let application: string;

  beforeAll(async () => {
    client = await Client.register();
    cloud = await sandbox.createAccount();
    provider = await client.addProvider(cloud);
    application = await client.createApplication();
  });

  afterEach(async () => {
    await sandbox.resetKnobs();
    await sandbox.setAccountStatus(cloud.accessKey, 'active');
    expect(await leftovers(cloud)).toEqual([]);
  });

  const create = (change: Record<string, unknown>) =>
    client.call<ErrorBody & { environment?: string }>(
      'POST',
      `/applications/${application}/environments`,
      {
        json: {
          provider_id: provider,
          region: REGION,
          environment: unique('bad'),
          nodes: [node()],
          ...change,
        },
      },
    );
  const node = (change: Record<string, unknown> = {}) => ({
    name: 'web',
    packages: ['git'],
    size: SIZE,
    ...change,
  });

  it.each([
    ['an unknown region', { region: 'mars-north-1' }, 'region'],
    ['an unknown size', { nodes: [node({ size: 't2.gigantic' })] }, 'size'],
    ['an unknown package', { nodes: [node({ packages: ['emacs-os'] })] }, 'packages'],
    ['two nodes of one name', { nodes: [node(), node()] }, 'name'],
    ['no nodes', { nodes: [] }, 'nodes'],
    ['a name with a slash', { nodes: [node({ name: 'a/b' })] }, 'name'],
    ['a field that is not known', { nodes: [node({ colour: 'red' })] }, 'nodes'],
  ])('refuses %s before anything is launched', async (_, change, field) => {
    await sandbox.resetCalls();
    const { status, body } = await create(change);
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(body.errors[0]?.field).toContain(field);
    expect((await sandbox.calls()).actions.RunInstances ?? 0).toBe(0);
  });

  it('refuses a name that the application has already', async () => {
    await sandbox.setKnobs({ virtual: true });
    const json = {
      provider_id: provider,
      region: REGION,
      environment: unique('twice'),
      nodes: [node()],
    };
    const path = `/applications/${application}/environments`;
    const headers = { prefer: 'respond-async' };
    const { environment } = await client.must<{ environment: string }>('POST', path, {
      json,
      headers,
    });
    const { status } = await client.call('POST', path, { json, headers });
    expect([409, 422]).toContain(status);
    await client.destroy(environment);
  });

  it('tells of a cloud that refuses the credentials, and launches nothing', async () => {
    await sandbox.setAccountStatus(cloud.accessKey, 'revoked');
    const { status, body } = await create({});
    expect([status, body.errors.length]).toEqual([422, 1]);
    expect(body.errors[0]?.message).toMatch(/credentials|key/i);
    await sandbox.setAccountStatus(cloud.accessKey, 'active');
    if (body.environment) await client.destroy(body.environment);
  });

  it('refuses a provider whose credentials the cloud refuses', async () => {
    const { status, body } = await client.call<ErrorBody>('POST', '/providers', {
      json: {
        cloud_provider: 'ec2',
        provider_name: unique('wrong'),
        accessKey: cloud.accessKey,
        secretKey: 'not-the-secret-key-of-anybody',
        endpoint: stack.sandbox.url,
      },
    });
    expect([status, body.errors.length]).toEqual([422, 1]);
  });

  it('refuses a DigitalOcean provider whose token the cloud refuses, and names the field', async () => {
    const droplets = await sandbox.createDropletAccount();
    const add = (access_token: string) =>
      client.call<ErrorBody>('POST', '/providers', {
        json: {
          cloud_provider: 'digital_ocean',
          provider_name: unique('wrong'),
          access_token,
          endpoint: droplets.endpoint,
        },
      });
    const wrong = await add('dop_v1_not-the-token-of-anybody');
    expect([wrong.status, wrong.body.errors]).toEqual([
      422,
      [expect.objectContaining({ code: 'credentials_refused', field: 'access_token' })],
    ]);
    await sandbox.setAccountStatus(droplets.token, 'forbidden');
    const forbidden = await add(droplets.token);
    expect([forbidden.status, forbidden.body.errors]).toEqual([
      422,
      [expect.objectContaining({ code: 'permission_denied', field: 'access_token' })],
    ]);
    const { digital_ocean } = await client.must<{ digital_ocean: unknown[] }>('GET', '/providers');
    expect(digital_ocean).toEqual([]);
  });

  it.each([
    ['InstanceLimitExceeded', { instances: 0 }],
    ['VcpuLimitExceeded', { vcpus: 0 }],
  ])('tells of a quota (%s), and leaves nothing at the cloud', async (_, quota) => {
    await sandbox.setKnobs({ virtual: true, quota });
    const { status, body } = await create({});
    expect([status, body.errors.length]).toEqual([422, 1]);
    expect(body.errors[0]?.message).toMatch(/quota|limit/i);
    if (body.environment) await client.destroy(body.environment);
  });

  it('makes nothing of what another account has known', async () => {
    const other = await Client.register();
    const path = `/applications/${application}/environments`;
    const { status } = await other.call('POST', path, {
      json: { provider_id: provider, region: REGION, environment: unique('env'), nodes: [node()] },
    });
    expect(status).toBe(404);
    expect((await other.call('GET', `/providers/${provider}/meta`)).status).toBe(404);
  });
});
