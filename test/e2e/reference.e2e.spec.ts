import { Client, REGION, SIZE, unique } from './support/client';
import { call } from './support/http';
import { loadImage } from './support/image';
import { expectShape, samples } from './support/samples';
import { sandbox } from './support/sandbox';
import { stack } from './support/stack';
import { waitFor } from './support/wait-for';

/** Every call of the reference, in its order, with its headers and bodies as printed. */
describe('the reference', () => {
  const email = `${unique('my')}@email.com`;
  const at: Record<string, string> = {};
  let cloud: Awaited<ReturnType<typeof sandbox.createAccount>>;

  const send = <T = unknown>(method: string, path: string, json?: unknown) =>
    call<T>(stack.url, method, path, {
      json,
      headers: { 'content-type': 'application/json', 'authentication-token': at.key ?? '' },
    });

  beforeAll(async () => {
    cloud = await sandbox.createAccount();
  });

  it('registers an account', async () => {
    const json = {
      email,
      password: 'secretpassword',
      password_confirm: 'secretpassword',
      name: 'company name',
      user_name: email,
    };
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await call<[{ persistent_token: string }]>(
      stack.url,
      'POST',
      '/accounts/register',
      { json, headers },
    );
    expect(status).toBe(201);
    expectShape(body, 'register');
    at.key = body[0].persistent_token;
  });

  it.each([
    ['Authorization: KEY', (key: string) => ({ authorization: key })],
    ['Authorization: Bearer KEY', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['Authentication-Token: KEY', (key: string) => ({ 'authentication-token': key })],
  ])('accepts %s', async (_, headers) => {
    const answer = await call(stack.url, 'GET', '/applications', {
      headers: headers(at.key ?? ''),
    });
    expect(answer.status).toBe(200);
  });

  it('adds Amazon EC2', async () => {
    const { status, body } = await send<[{ id: string; provider_meta: { secretKey: string } }]>(
      'POST',
      '/providers',
      {
        cloud_provider: 'ec2',
        provider_name: 'my-provider',
        accessKey: cloud.accessKey,
        secretKey: cloud.secretKey,
        endpoint: cloud.endpoint,
      },
    );
    expect([200, 201]).toContain(status);
    expectShape(asPrinted(body), 'addEc2');
    expect(body[0].provider_meta.secretKey).not.toContain(cloud.secretKey.slice(0, 10));
    at.provider = body[0].id;
  });

  it('lists the providers', async () => {
    const { status, body } = await send<{ ec2: object[] }>('GET', '/providers');
    expect(status).toBe(200);
    expectShape({ ...body, ec2: asPrinted(body.ec2) }, 'providers');
  });

  it("tells a provider's metadata", async () => {
    const { status, body } = await send<{
      locations: Record<string, unknown>;
      sizes: Record<string, Record<string, unknown>>;
    }>('GET', `/providers/${at.provider}/meta`);
    expect(status).toBe(200);
    expectShape(body, 'meta');
    expect(body.locations).toHaveProperty(REGION);
    expect(Object.values(body.sizes).flatMap((sizes) => Object.keys(sizes))).toContain(SIZE);
  });

  it('creates an application', async () => {
    const { status, body } = await send<[{ id: string }]>('POST', '/applications', {
      application_name: 'My App',
      application_type: 'custom',
    });
    expect([200, 201]).toContain(status);
    expectShape(body, 'createApplication');
    at.application = body[0].id;
  });

  it('lists the applications', async () => {
    const { status, body } = await send('GET', '/applications');
    expect(status).toBe(200);
    expectShape(body, 'createApplication');
  });

  it('adds a Docker Hub account', async () => {
    const { status, body } = await send<{ id: string }>('POST', '/integrations/docker-hub', {
      name: 'My Docker Account',
      url: 'https://index.docker.io/v1/',
      username: 'username',
      password: 'secretpass',
      email: 'user@email.net',
    });
    expect([200, 201]).toContain(status);
    expectShape(body, 'addIntegration');
    expect(body).toMatchObject({ name: 'My Docker Account', _name: 'my_docker_account' });
    expect(JSON.stringify(body)).not.toContain('secretpass');
    at.integration = body.id;
  });

  it('creates a Docker cluster, and answers when its servers are ready', async () => {
    const nodes = ['node_name1', 'node_name2', 'node_name3'].map((name) => ({
      packages: ['docker'],
      name,
      size: SIZE,
    }));
    const { status, body } = await send<{ environment: string }>(
      'POST',
      `/applications/${at.application}/environments`,
      {
        provider_id: at.provider,
        integrations: [at.integration],
        region: REGION,
        environment: 'env_name',
        nodes,
      },
    );
    expect([status, body]).toEqual([expect.any(Number), expect.objectContaining({ ready: true })]);
    expect([200, 201]).toContain(status);
    expectShape(body, 'createEnvironment');
    at.environment = body.environment;
  });

  it('queries the environment', async () => {
    const { status, body } = await send<{ std_out: object }>(
      'GET',
      `/environments/${at.environment}/query`,
    );
    expect(status).toBe(200);
    expectShape(body, 'query');
    const [clouds] = Object.values(body.std_out) as { ec2: Record<string, { name: string }> }[];
    const servers = Object.entries(clouds?.ec2 ?? {});
    expect(servers).toHaveLength(3);
    for (const [name, server] of servers) expect(server.name).toBe(name);
  });

  it('creates a container in the cluster', async () => {
    const client = Client.from({ email, password: 'secretpassword', key: at.key ?? '' });
    await loadImage(client, at.environment ?? '', 'nginx:latest', ['httpd', '-f']);
    const { status, body } = await send<{ Id: string }>(
      'POST',
      `/swarm/${at.environment}/containers/create`,
      {
        Hostname: 'hostname',
        AttachStdin: false,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
        NetworkMode: 'default',
        PublishAllPorts: false,
        OpenStdin: false,
        StdinOnce: false,
        Env: ['FOO=bar', 'BAZ=quux'],
        Image: 'nginx',
        NetworkDisabled: false,
        HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '', HostIp: '' }] } },
      },
    );
    expect([status, body]).toEqual([201, expect.objectContaining({ Id: expect.any(String) })]);
    expect(body.Id).toMatch(/^[0-9a-f]{64}$/);
    at.container = `/swarm/${at.environment}/containers/${body.Id}`;
  });

  it('starts the container', async () => {
    const { status, body } = await send('POST', `${at.container}/start`);
    expect([status, body]).toEqual([204, '']);
  });

  it('inspects the container, and tells its node', async () => {
    const { status, body } = await send<Record<string, unknown>>('GET', `${at.container}/json`);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(samples.inspectKeys as string[]));
    expectShape(body.Node, 'inspectNode');
    expect(body.State).toMatchObject({ Running: true, Status: 'running' });
    expect(body.Config).toMatchObject({ Env: expect.arrayContaining(['FOO=bar', 'BAZ=quux']) });
  });

  it('stops the container', async () => {
    const { status, body } = await send('POST', `${at.container}/stop`);
    expect([status, body]).toEqual([204, '']);
  });

  it('removes the container', async () => {
    const { status, body } = await send('DELETE', at.container ?? '');
    expect([status, body]).toEqual([204, '']);
  });

  it('stops all servers', async () => {
    const { status, body } = await send('GET', `/environments/${at.environment}/stop`);
    expect(status).toBe(200);
    expectShape(body, 'stop');
    await waitForStates('stopped');
  });

  it('starts all servers', async () => {
    const { status, body } = await send('GET', `/environments/${at.environment}/start`);
    expect(status).toBe(200);
    expectShape(body, 'start');
    await waitForStates('running');
  });

  it('deletes all servers', async () => {
    const { status, body } = await send<{ std_out: object }>(
      'GET',
      `/environments/${at.environment}/delete`,
    );
    expect(status).toBe(200);
    expectShape(body, 'delete');
    const [clouds] = Object.values(body.std_out) as { ec2: Record<string, { newname: string }> }[];
    for (const [name, { newname }] of Object.entries(clouds?.ec2 ?? {}))
      expect(newname).toMatch(new RegExp(`^${name}-DEL[0-9a-f]{32}$`));
    await waitFor(
      'every instance to go',
      async () => (await sandbox.alive(cloud.account)).length === 0,
    );
  });

  /** Providers without their `endpoint`, which the reference does not know and Amazon's do not have. */
  function asPrinted(providers: object[]): object[] {
    return providers.map((provider) => ({ ...provider, endpoint: undefined }));
  }

  async function waitForStates(wanted: string) {
    await waitFor(`every instance to be ${wanted}`, async () => {
      const instances = await sandbox.alive(cloud.account);
      return instances.length === 3 && instances.every(({ state }) => state === wanted);
    });
  }
});
