import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let key: string;
let provider: string;
let application: string;
let count = 0;

const SPARE = { fallback_sizes: ['t2.medium'] };

async function launch(more: object = {}, node: object = {}): Promise<string> {
  const nodes = ['one', 'two'].map((name) => ({ packages: [], name, size: 't2.small', ...node }));
  const environment = `env-${++count}`;
  const answer = await gateway.call(`/applications/${application}/environments`, {
    key,
    headers: { prefer: 'respond-async' },
    body: { provider_id: provider, region: 'us-east-1', environment, nodes, ...more },
  });
  return (answer.body as { environment: string }).environment;
}
const show = async (id: string) => (await gateway.call(`/environments/${id}`, { key })).body;
const change = (id: string, body: object) =>
  gateway.call(`/environments/${id}`, { key, method: 'PATCH', body });
const lastEvent = async (id: string) => {
  const events = (await gateway.call(`/environments/${id}/events`, { key })).body as {
    message: string;
  }[];
  return events.at(-1)?.message;
};
const rowOf = (id: string) =>
  gateway.resources.database.client.environment.findUniqueOrThrow({
    where: { id },
    include: { nodes: { orderBy: { position: 'asc' } } },
  });

describeWithServices('repair and drift', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    key = await gateway.register();
    ({ provider, application } = await gateway.outfit(key));
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it('repairs only where the customer asked for it, from the start or later', async () => {
    expect(await show(await launch())).toMatchObject({ repair: false });
    const id = await launch({ repair: true });
    expect(await show(id)).toMatchObject({ repair: true });
    const off = await change(id, { repair: false });
    expect([off.status, off.body]).toEqual([200, expect.objectContaining({ repair: false, id })]);
    expect(await lastEvent(id)).toBe('What happens to its servers is not repaired any more.');
    const { nextReconcileAt, version } = await rowOf(id);
    expect(nextReconcileAt?.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
    await change(id, { repair: false });
    expect((await rowOf(id)).version).toBe(version);
    await change(id, { repair: true });
    expect(await lastEvent(id)).toBe('What happens to its servers is repaired from now on.');
    await gateway.call(`/environments/${id}`, { key, method: 'DELETE' });
    expect((await change(id, { repair: true })).status).toBe(409);
  });

  it('has failed nodes looked at as soon as repair is switched on', async () => {
    const id = await launch();
    const { client } = gateway.resources.database;
    const later = new Date(Date.now() + 3_600_000);
    await client.node.updateMany({
      where: { environmentId: id },
      data: { phase: 'failed', lastErrorCode: 'package_down', nextCheckAt: later },
    });
    await change(id, { repair: true });
    const due = (await rowOf(id)).nodes.map(({ nextCheckAt }) => (nextCheckAt ?? later) < later);
    expect(due).toEqual([true, true]);
  });

  it('keeps which sizes will do, and shows the one that a server has', async () => {
    const id = await launch({}, SPARE);
    await gateway.workers.makeReady(id);
    expect(await show(id)).toMatchObject({
      nodes: [{ size: 't2.small', fallback_sizes: ['t2.medium'], server_size: null }, {}],
    });
    const { client } = gateway.resources.database;
    await client.node.updateMany({
      where: { environmentId: id },
      data: { serverSize: 't2.medium' },
    });
    expect(await show(id)).toMatchObject({
      nodes: [{ size: 't2.small', server_size: 't2.medium' }, {}],
    });
    const query = await gateway.call(`/environments/${id}/query`, { key });
    expect(query.text).toContain('"size":"t2.medium"');
    expect(query.text).not.toContain('t2.small');
  });

  it('has the cloud account looked at from the first environment on, and by every other', async () => {
    const { client } = gateway.resources.database;
    await client.cloudScope.deleteMany();
    const scope = { providerId: provider, region: 'us-east-1' };
    const [id = ''] = await Promise.all(Array.from({ length: 8 }, () => launch()));
    expect(await client.cloudScope.findMany()).toMatchObject([scope]);
    const later = new Date(Date.now() + 3_600_000);
    await client.cloudScope.updateMany({ data: { nextLookAt: later } });
    const nodes = [{ packages: [], name: 'three', size: 't2.small' }];
    const headers = { prefer: 'respond-async' };
    await gateway.call(`/environments/${id}/nodes`, { key, headers, body: { nodes } });
    const [looked] = await client.cloudScope.findMany();
    expect(looked?.nextLookAt.getTime()).toBeLessThan(later.getTime());
  });

  it('starts again what was stopped behind our back, and nothing else', async () => {
    const id = await launch();
    await gateway.workers.makeReady(id);
    await gateway.call(`/environments/${id}`, { key });
    const { client } = gateway.resources.database;
    const [one, two] = (await rowOf(id)).nodes.map((node) => node.id);
    const stopped = { serverState: 'stopped', previousState: 'running' };
    await client.node.update({
      where: { id: two ?? '' },
      data: { ...stopped, phase: 'failed', lastErrorCode: 'server_stopped' },
    });
    const starting = gateway.call(`/environments/${id}/start`, { key, method: 'POST' });
    while ((await rowOf(id)).nodes[1]?.generation === 1) await new Promise(setImmediate);
    // Until the cloud has taken it, the node is failed as it was, and the call waits.
    await gateway.workers.say(id);
    const early = await Promise.race([
      starting,
      new Promise((end) => setTimeout(end, 300, 'open')),
    ]);
    expect(early).toBe('open');
    expect(await lastEvent(id)).toBe('Something happened.');
    await client.node.update({
      where: { id: two ?? '' },
      data: {
        phase: 'starting',
        serverState: 'pending',
        previousState: 'stopped',
        actedGeneration: 2,
        lastErrorCode: null,
      },
    });
    await gateway.workers.say(id);
    const answer = await starting;
    expect(answer.status).toBe(200);
    const { std_out } = answer.body as {
      std_out: Record<string, { ec2: Record<string, [object]> }>;
    };
    const changes = Object.values(std_out['acme-my-provider']?.ec2 ?? {});
    expect(changes).toMatchObject([
      [{ currentState: { name: 'running' }, previousState: { name: 'running' } }],
      [{ currentState: { name: 'pending' }, previousState: { name: 'stopped' } }],
    ]);
    const rows = (await rowOf(id)).nodes.map(({ id, generation }) => [id, generation]);
    expect(rows).toEqual([
      [one, 1],
      [two, 2],
    ]);
  });
});
