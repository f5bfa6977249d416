import { newKeyPair } from '../testing/key-pair';
import { dropletOf, type DropletJson } from '../testing/do-client';
import { eventually, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
  await sandbox.admin('PUT', 'knobs', { tagDelayMs: 0 });
});
afterAll(() => sandbox.dispose());

interface Firewall {
  id: string;
  status: string;
  tags: string[];
  droplet_ids: number[];
  pending_changes: { droplet_id: number; removing: boolean }[];
  inbound_rules: { ports: string }[];
}

const call = <T>(method: string, path: string, body?: object) =>
  sandbox.digitalOcean().call<T>(method, path, body);
const firewall = async (id: string) =>
  (await sandbox.digitalOcean().get<{ firewall: Firewall }>(`firewalls/${id}`)).firewall;
const rule = (ports: string, sources: object = { addresses: ['0.0.0.0/0'] }) => ({
  protocol: 'tcp',
  ports,
  sources,
});

async function droplet(name: string, tags: string[] = []): Promise<number> {
  const made = await call<{ droplet: DropletJson }>('POST', 'droplets', dropletOf(name, { tags }));
  const { id } = made.body.droplet;
  await eventually(async () => !(await sandbox.digitalOcean().droplet(id)).locked);
  return id;
}

it.each(['ed25519', 'rsa'] as const)('keeps an %s key once in an account', async (type) => {
  const key = { name: type, public_key: newKeyPair(type).public };
  const made = await call<{ ssh_key: { id: number; fingerprint: string } }>(
    'POST',
    'account/keys',
    key,
  );
  expect(made.status).toBe(201);
  expect(made.body.ssh_key.fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect(await call('POST', 'account/keys', { ...key, name: 'again' })).toMatchObject({
    status: 422,
    body: { message: 'SSH Key is already in use on your account' },
  });
  const path = `account/keys/${made.body.ssh_key.fingerprint}`;
  expect((await call('PUT', path, { name: 'renamed' })).body).toMatchObject({
    ssh_key: { name: 'renamed' },
  });
  const used = dropletOf('keyed', { ssh_keys: [made.body.ssh_key.id] });
  expect((await call('POST', 'droplets', used)).status).toBe(202);
  expect((await call('DELETE', `account/keys/${made.body.ssh_key.id}`)).status).toBe(204);
  expect((await call('DELETE', path)).status).toBe(404);
});

it('applies a firewall after a while, to its droplets and to those of its tags', async () => {
  const [single, tagged] = [await droplet('single'), await droplet('tagged', ['members'])];
  const made = await call<{ firewall: Firewall }>('POST', 'firewalls', {
    name: 'own',
    inbound_rules: [rule('22'), rule('all', { tags: ['members'] })],
    droplet_ids: [single],
    tags: ['members'],
  });
  expect(made.status).toBe(202);
  const { id, status, pending_changes: pending } = made.body.firewall;
  expect(status).toBe('waiting');
  expect(pending.map((change) => change.droplet_id).sort()).toEqual([single, tagged].sort());
  const settled = await eventually(async () => {
    const found = await firewall(id);
    return found.status === 'succeeded' && found;
  });
  expect(settled.pending_changes).toEqual([]);
  expect(settled.inbound_rules.map(({ ports }) => ports)).toEqual(['22', '0']);
  for (const droplet_ of [single, tagged]) {
    const { firewalls } = await sandbox
      .digitalOcean()
      .get<{ firewalls: Firewall[] }>(`droplets/${droplet_}/firewalls`);
    expect(firewalls.map((each) => each.id)).toEqual([id]);
  }
  await call('DELETE', `firewalls/${id}/droplets`, { droplet_ids: [single] });
  expect((await firewall(id)).pending_changes).toContainEqual(
    expect.objectContaining({ droplet_id: single, removing: true }),
  );
  expect((await call('DELETE', `firewalls/${id}`)).status).toBe(204);
});

it('takes rules, droplets and tags one by one, and forgets droplets that go', async () => {
  const id = await droplet('member');
  await call('POST', 'tags', { name: 'later' });
  const made = await call<{ firewall: Firewall }>('POST', 'firewalls', {
    name: 'parts',
    inbound_rules: [rule('22')],
  });
  const path = `firewalls/${made.body.firewall.id}`;
  await call('POST', `${path}/rules`, { inbound_rules: [rule('22'), rule('4000')] });
  await call('POST', `${path}/droplets`, { droplet_ids: [id] });
  await call('POST', `${path}/tags`, { tags: ['LATER'] });
  const full = await firewall(made.body.firewall.id);
  expect(full.inbound_rules.map(({ ports }) => ports)).toEqual(['22', '4000']);
  expect([full.droplet_ids, full.tags]).toEqual([[id], ['later']]);
  await call('DELETE', `droplets/${id}`);
  await call('DELETE', 'tags/later');
  const bare = await firewall(made.body.firewall.id);
  expect([bare.droplet_ids, bare.tags]).toEqual([[], []]);
});

it.each([
  [{ name: '-' }, 422],
  [{ inbound_rules: [] }, 422],
  [{ inbound_rules: [rule('22', {})] }, 422],
  [{ inbound_rules: [rule('22', { tags: ['no-such-tag'] })] }, 422],
  [{ tags: ['no-such-tag'] }, 422],
  [{ droplet_ids: [1] }, 404],
  [{ name: 'taken' }, 409],
])('refuses a firewall with %j by a %i', async (wrong, status) => {
  const body = { name: 'taken', inbound_rules: [rule('22')] };
  await call('POST', 'firewalls', body);
  expect((await call('POST', 'firewalls', { ...body, name: 'fine', ...wrong })).status).toBe(
    status,
  );
});

it('counts what has a tag, and takes it off where it is deleted', async () => {
  const id = await droplet('counted', ['shared:a']);
  const other = await droplet('plain');
  const resources = [{ resource_id: String(other), resource_type: 'droplet' }];
  expect((await call('POST', 'tags/shared:a/resources', { resources })).status).toBe(204);
  expect((await call('GET', 'tags/SHARED:a')).body).toMatchObject({
    tag: { name: 'shared:a', resources: { count: 2, droplets: { count: 2 } } },
  });
  await call('DELETE', 'tags/shared:a/resources', { resources });
  expect(await sandbox.digitalOcean().droplets('tag_name=shared:a')).toHaveLength(1);
  expect((await call('DELETE', 'tags/shared:a')).status).toBe(204);
  expect((await call('DELETE', 'tags/shared:a')).status).toBe(404);
  expect((await sandbox.digitalOcean().droplet(id)).tags).toEqual([]);
});

it('hands out droplets in pages that link to one another', async () => {
  const names = (turn: number) => Array.from({ length: 10 }, (_, index) => `p-${turn}-${index}`);
  for (let turn = 0; turn < 5; turn++) {
    const body = { ...dropletOf(''), name: undefined, names: names(turn), tags: ['paged'] };
    await call('POST', 'droplets', body);
  }
  interface Page {
    droplets: DropletJson[];
    links: { pages?: { next?: string; prev?: string } };
    meta: { total: number };
  }
  const first = await sandbox.digitalOcean().get<Page>('droplets?tag_name=paged');
  expect([first.droplets.length, first.meta.total]).toEqual([20, 50]);
  const ids = new Set(first.droplets.map(({ id }) => id));
  for (let page = first; page.links.pages?.next;) {
    page = await sandbox.digitalOcean().get<Page>(page.links.pages.next.split('/v2/')[1] ?? '');
    for (const { id } of page.droplets) ids.add(id);
  }
  expect(ids.size).toBe(50);
  for (const wrong of ['per_page=201', 'per_page=0', 'page=x'])
    expect((await call('GET', `droplets?${wrong}`)).status).toBe(422);
});
