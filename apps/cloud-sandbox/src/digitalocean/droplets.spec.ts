import { type ActionJson, dropletOf, type DropletJson } from '../testing/do-client';
import { eventually, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
});
afterAll(() => sandbox.dispose());
afterEach(() => sandbox.admin('DELETE', 'knobs'));

interface Created {
  droplet: DropletJson;
  droplets: DropletJson[];
  links: { actions: { id: number; rel: string; href: string }[] };
}

const create = (body: object) => sandbox.digitalOcean().call<Created>('POST', 'droplets', body);
const act = (id: number, body: object) =>
  sandbox
    .digitalOcean()
    .call<{ action: ActionJson; message: string }>('POST', `droplets/${id}/actions`, body);

const ended = (id: number) =>
  eventually(async () => {
    const action = await sandbox.digitalOcean().action(id);
    return action.status !== 'in-progress' && action;
  });

async function active(name: string, more: object = {}): Promise<number> {
  const { body } = await create(dropletOf(name, more));
  await ended(body.links.actions[0]?.id ?? 0);
  return body.droplet.id;
}

const publicOf = ({ networks }: DropletJson) =>
  networks.v4.find(({ type }) => type === 'public')?.ip_address;

it('accepts a droplet, locks it while it is made, and says when it is there', async () => {
  const answer = await create(dropletOf('web-1', { tags: ['blue'] }));
  expect(answer.status).toBe(202);
  const { droplet, links } = answer.body;
  expect(droplet).toMatchObject({ status: 'new', locked: true, tags: [], networks: { v4: [] } });
  expect(links.actions[0]).toMatchObject({ rel: 'create' });
  const action = await ended(links.actions[0]?.id ?? 0);
  expect(action).toMatchObject({ status: 'completed', type: 'create', resource_id: droplet.id });
  const after = await sandbox.digitalOcean().droplet(droplet.id);
  expect(after).toMatchObject({ status: 'active', locked: false });
  expect(after.networks.v4.map(({ type }) => type)).toEqual(['private', 'public']);
  expect(publicOf(after)).toMatch(/^127\.65\./);
});

it('makes another droplet each time that the same create comes', async () => {
  const body = dropletOf('twice');
  const [first, second] = [await create(body), await create(body)];
  expect(first.body.droplet.id).not.toBe(second.body.droplet.id);
  expect(await sandbox.digitalOcean().droplets('name=TWICE')).toHaveLength(2);
});

it('makes up to ten droplets by their names', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `many-${index}`);
  const of = (list: string[]) => create({ ...dropletOf(''), name: undefined, names: list });
  const answer = await of(names);
  expect(answer.body.droplets.map(({ name }) => name)).toEqual(names);
  expect(answer.body.links.actions.map(({ rel }) => rel)).toEqual(
    names.map(() => 'multiple_create'),
  );
  expect((await of([...names, 'many-10'])).status).toBe(422);
});

it('puts tags onto droplets after their creation', async () => {
  await sandbox.admin('PUT', 'knobs', { tagDelayMs: 600 });
  const id = await active('tagged', { tags: ['env:late'] });
  expect((await sandbox.digitalOcean().droplet(id)).tags).toEqual([]);
  expect(await sandbox.digitalOcean().droplets('tag_name=env:late')).toEqual([]);
  const found = await eventually(async () => {
    const droplets = await sandbox.digitalOcean().droplets('tag_name=ENV:late');
    return droplets.length > 0 && droplets;
  });
  expect(found[0]).toMatchObject({ id, tags: ['env:late'] });
});

it('does not know a new droplet for a while', async () => {
  await sandbox.admin('PUT', 'knobs', { visibilityDelayMs: 400 });
  const { id } = (await create(dropletOf('unseen'))).body.droplet;
  for (const [method, path] of [
    ['GET', `droplets/${id}`],
    ['DELETE', `droplets/${id}`],
  ] as const)
    expect((await sandbox.digitalOcean().call(method, path)).status).toBe(404);
  expect(await sandbox.digitalOcean().droplets('name=unseen')).toEqual([]);
  await eventually(() =>
    sandbox
      .digitalOcean()
      .droplet(id)
      .catch(() => undefined),
  );
});

it('refuses everything on a locked droplet', async () => {
  await sandbox.admin('PUT', 'knobs', { bootDelayMs: 600 });
  const { body } = await create(dropletOf('locked'));
  const { id } = body.droplet;
  const refused = await act(id, { type: 'power_off' });
  expect(refused.status).toBe(422);
  expect(refused.body.message).toBe('Droplet already has a pending event.');
  expect((await sandbox.digitalOcean().call('DELETE', `droplets/${id}`)).status).toBe(422);
  await ended(body.links.actions[0]?.id ?? 0);
  expect((await sandbox.digitalOcean().call('DELETE', `droplets/${id}`)).status).toBe(204);
  expect((await sandbox.digitalOcean().call('GET', `droplets/${id}`)).status).toBe(404);
});

it('keeps the public address over a power cycle', async () => {
  const id = await active('cycled');
  const before = await sandbox.digitalOcean().droplet(id);
  const off = await act(id, { type: 'power_off' });
  expect(off.status).toBe(201);
  expect(await ended(off.body.action.id)).toMatchObject({ status: 'completed' });
  const stopped = await sandbox.digitalOcean().droplet(id);
  expect(stopped).toMatchObject({ status: 'off', networks: before.networks });
  expect((await act(id, { type: 'shutdown' })).body.message).toBe(
    'Droplet is already powered off.',
  );
  await ended((await act(id, { type: 'power_on' })).body.action.id);
  const cycle = await act(id, { type: 'power_cycle' });
  expect(await ended(cycle.body.action.id)).toMatchObject({ status: 'completed' });
  expect(await sandbox.digitalOcean().droplet(id)).toMatchObject({
    status: 'active',
    networks: before.networks,
  });
});

it('renames and reboots, and lists the actions of a droplet, the newest first', async () => {
  const id = await active('old-name');
  await ended((await act(id, { type: 'rename', name: 'new-name' })).body.action.id);
  await ended((await act(id, { type: 'reboot' })).body.action.id);
  expect((await sandbox.digitalOcean().droplet(id)).name).toBe('new-name');
  const { actions } = await sandbox
    .digitalOcean()
    .get<{ actions: ActionJson[] }>(`droplets/${id}/actions`);
  expect(actions.map(({ type }) => type)).toEqual(['reboot', 'rename', 'create']);
});

it('may ignore a shutdown, which then ends errored', async () => {
  const id = await active('stubborn');
  await sandbox.admin('PUT', 'knobs', { shutdownIgnored: { afterMs: 300 } });
  const action = (await act(id, { type: 'shutdown' })).body.action.id;
  expect(await sandbox.digitalOcean().droplet(id)).toMatchObject({ locked: true });
  expect(await ended(action)).toMatchObject({ status: 'errored' });
  expect(await sandbox.digitalOcean().droplet(id)).toMatchObject({ status: 'active' });
  expect(await ended((await act(id, { type: 'power_off' })).body.action.id)).toMatchObject({
    status: 'completed',
  });
});

it('acts on and deletes everything with a tag', async () => {
  await sandbox.admin('PUT', 'knobs', { tagDelayMs: 0 });
  const ids = [
    await active('fleet-1', { tags: ['fleet'] }),
    await active('fleet-2', { tags: ['fleet'] }),
  ];
  const off = await sandbox
    .digitalOcean()
    .call<{ actions: ActionJson[] }>('POST', 'droplets/actions?tag_name=fleet', {
      type: 'power_off',
    });
  expect(off.body.actions.map((action) => action.resource_id)).toEqual(ids);
  const gone = await sandbox.digitalOcean().call('DELETE', 'droplets?tag_name=fleet');
  expect(gone.status).toBe(204);
  expect(await sandbox.digitalOcean().droplets('tag_name=fleet')).toEqual([]);
});

it('accepts a droplet that never comes to be where capacity runs out meanwhile', async () => {
  await sandbox.admin('PUT', 'knobs', { exhausted: [{ region: 'nyc3', asynchronous: true }] });
  const { body } = await create(dropletOf('hopeless'));
  expect(await ended(body.links.actions[0]?.id ?? 0)).toMatchObject({ status: 'errored' });
  expect((await sandbox.digitalOcean().call('GET', `droplets/${body.droplet.id}`)).status).toBe(
    404,
  );
  await sandbox.admin('PUT', 'knobs', {
    exhausted: [{ cloud: 'digital_ocean', size: 's-1vcpu-1gb', region: 'nyc3' }],
  });
  const refused = await sandbox
    .digitalOcean()
    .call<{ message: string }>('POST', 'droplets', dropletOf('refused'));
  expect(refused).toMatchObject({
    status: 422,
    body: { message: 'Size is not available in this region.' },
  });
  expect((await create(dropletOf('elsewhere', { region: 'fra1' }))).status).toBe(202);
});

it.each([
  [{ name: 'under_score' }, 'Only valid hostname characters'],
  [{ size: 'nothing' }, 'invalid size'],
  [{ image: 5 }, 'invalid image'],
  [{ region: 'mars1' }, 'invalid region'],
  [{ size: 'c-2', region: 'nyc1' }, 'Size is not available in this region.'],
  [{ ssh_keys: [5] }, '5 are invalid key identifiers for Droplet creation.'],
  [{ user_data: 'x'.repeat(65_537) }, 'User data is too long'],
  [{ tags: ['with space'] }, 'Tag name'],
  [{ vpc_uuid: 'another' }, 'Failed to resolve VPC'],
])('refuses a droplet with %j', async (wrong, message) => {
  const answer = await sandbox
    .digitalOcean()
    .call<{ id: string; message: string; request_id: string }>(
      'POST',
      'droplets',
      dropletOf('wrong', wrong),
    );
  expect(answer.status).toBe(422);
  expect(answer.body.id).toBe('unprocessable_entity');
  expect(answer.body.message).toContain(message);
  expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
});
