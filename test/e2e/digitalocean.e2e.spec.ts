import { Client, DROPLET_REGION, DROPLET_SIZE, unique } from './support/client';
import { droplets } from './support/droplets';
import { IMAGE, loadImage } from './support/image';
import { expectShape } from './support/samples';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

interface Change {
  instanceId: string;
  currentState: { code: string; name: string };
  previousState: { code: string; name: string };
}
type StdOut<T> = { std_out: Record<string, { digital_ocean: Record<string, T> }>; success: true };

/** One story, on real machines: what the reference has for DigitalOcean. */
describe('DigitalOcean', () => {
  let client: Client;
  let cloud: Awaited<ReturnType<typeof sandbox.createDropletAccount>>;
  let provider: string;
  let application: string;
  let environment: string;

  const node = (name: string) => ({ name, packages: ['docker'], size: DROPLET_SIZE });
  const states = async () => (await sandbox.alive(cloud.account)).map(({ state }) => state);
  const servers = <T>({ std_out }: StdOut<T>) =>
    Object.values(std_out).flatMap(({ digital_ocean }) => Object.entries(digital_ocean));
  const emptied = () =>
    waitFor('the cloud to be empty', async () => (await sandbox.left(cloud.account)).length === 0);

  beforeAll(async () => {
    client = await Client.register();
    cloud = await sandbox.createDropletAccount();
    application = await client.createApplication();
  });

  it('is added as the reference prints it', async () => {
    const { status, body } = await client.call<{ id: string; endpoint?: string }>(
      'POST',
      '/providers',
      {
        json: {
          cloud_provider: 'digital_ocean',
          provider_name: 'my-provider',
          access_token: cloud.token,
          endpoint: cloud.endpoint,
        },
      },
    );
    expect(status).toBe(201);
    const { endpoint, ...printed } = body;
    expectShape(printed, 'addDigitalOcean');
    expect(endpoint).toBe(cloud.endpoint);
    expect(JSON.stringify(body)).not.toContain(cloud.token.slice(0, -4));
    provider = body.id;
  });

  it('tells its regions and sizes', async () => {
    const meta = await client.must<{
      locations: Record<string, unknown>;
      sizes: Record<string, Record<string, unknown>>;
    }>('GET', `/providers/${provider}/meta`);
    expectShape(meta, 'meta');
    expect(meta.locations).toHaveProperty(DROPLET_REGION);
    expect(Object.values(meta.sizes).flatMap((sizes) => Object.keys(sizes))).toContain(
      DROPLET_SIZE,
    );
  });

  it('brings up a Docker cluster', async () => {
    const { status, body } = await client.call<{ environment: string }>(
      'POST',
      `/applications/${application}/environments`,
      {
        json: {
          provider_id: provider,
          region: DROPLET_REGION,
          environment: 'env_name',
          nodes: [node('docker1'), node('docker2')],
        },
      },
    );
    expect([status, body]).toEqual([201, expect.objectContaining({ ready: true })]);
    expectShape(body, 'createEnvironment');
    environment = body.environment;
  });

  it('shows its servers as they are', async () => {
    const query = await client.must<StdOut<Record<string, string>>>(
      'GET',
      `/environments/${environment}/query`,
    );
    const there = await droplets(cloud);
    expect(servers(query)).toHaveLength(2);
    for (const [name, server] of servers(query)) {
      const droplet = there.find(({ id }) => String(id) === server.id);
      expect(server).toEqual({
        private_ips: expect.stringMatching(/^10\./),
        public_ips: expect.stringMatching(/^\d+(\.\d+){3}$/),
        image: expect.any(String),
        state: 'running',
        size: DROPLET_SIZE,
        id: expect.stringMatching(/^\d+$/),
        name,
      });
      expect(droplet).toMatchObject({ status: 'active', size_slug: DROPLET_SIZE });
      // Unlike any other, so that a reply that was lost can be made up for.
      expect(droplet?.name).toMatch(new RegExp(`^${name}-[0-9a-f]{12}$`));
    }
  });

  it('runs a container in the cluster', async () => {
    await loadImage(client, environment);
    const swarm = `/swarm/${environment}/containers`;
    const json = { Image: IMAGE, Cmd: ['sh', '-c', 'echo hello; sleep 600'] };
    const { Id } = await client.must<{ Id: string }>('POST', `${swarm}/create`, { json });
    await client.must('POST', `${swarm}/${Id}/start`);
    const inspected = await client.must<Record<string, unknown>>('GET', `${swarm}/${Id}/json`);
    expectShape(inspected.Node, 'inspectNode');
    expect(inspected.State).toMatchObject({ Running: true });
    await client.must('DELETE', `${swarm}/${Id}?force=1`);
  });

  it('stops', async () => {
    const answer = await client.must<StdOut<[Change]>>('GET', `/environments/${environment}/stop`);
    expect(servers(answer)).toHaveLength(2);
    for (const [, [change]] of servers(answer)) {
      expect(change.instanceId).toMatch(/^\d+$/);
      expect(change.currentState.name).toMatch(/^(stopping|stopped)$/);
      expect(change.previousState).toEqual({ code: '16', name: 'running' });
    }
    await client.until(environment, 'stopped', ({ phase }) => phase === 'stopped');
    expect((await droplets(cloud)).map(({ status }) => status)).toEqual(['off', 'off']);
  });

  it('starts again, with its cluster', async () => {
    const answer = await client.must<StdOut<[Change]>>('GET', `/environments/${environment}/start`);
    for (const [, [change]] of servers(answer)) {
      expect(change.currentState.name).toMatch(/^(pending|running)$/);
      expect(change.previousState).toEqual({ code: '80', name: 'stopped' });
    }
    await client.untilReady(environment);
    expect(await states()).toEqual(['running', 'running']);
    // The proxy asks a node that did not answer again after some seconds.
    const members = () => client.must<unknown[]>('GET', `/swarm/${environment}/nodes`);
    await waitFor('both to be members', async () => (await members()).length === 2, {
      timeoutMs: 30_000,
    });
  });

  it('leaves nothing when it is deleted', async () => {
    const answer = await client.must<StdOut<Change & { newname: string }>>(
      'GET',
      `/environments/${environment}/delete`,
    );
    expect(servers(answer)).toHaveLength(2);
    for (const [name, change] of servers(answer)) {
      expect(change.newname).toMatch(new RegExp(`^${name}-DEL[0-9a-f]{32}$`));
      expect(change.currentState.name).toMatch(/^(shutting-down|terminated)$/);
    }
    await emptied();
  });

  it('can be deleted while it comes up, and leaves nothing', async () => {
    const own = await client.addProvider(cloud);
    const nodes = [node('one'), node('two')];
    const second = await client.launch(application, own, nodes, {
      region: DROPLET_REGION,
      environment: unique('half'),
    });
    await waitFor('a droplet', async () => (await states()).length > 0, { everyMs: 50 });
    await client.destroy(second);
    await emptied();
    const { orphans, unreachable } = await client.must<Record<string, unknown[]>>(
      'GET',
      `/providers/${own}/orphans`,
    );
    expect([orphans, unreachable]).toEqual([[], []]);
  });
});
