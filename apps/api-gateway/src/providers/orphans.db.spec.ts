import type { Orphan } from '@cloudhero/queue';
import { FakeCloud, refusal } from '../testing/fake-cloud';
import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

const server: Orphan = {
  id: 'i-0123456789abcdef0',
  kind: 'server',
  region: 'us-east-1',
  name: 'acme-my-app-staging-one',
  environmentId: 'a'.repeat(24),
  createdAt: '2026-11-25T13:00:00.000Z',
};
const tag: Orphan = {
  id: 'cloudhero:x',
  kind: 'tag',
  region: 'nyc3',
  name: 'cloudhero:x',
  environmentId: null,
  createdAt: null,
};
const printed = ({ environmentId, createdAt, ...orphan }: Orphan) => ({
  ...orphan,
  environment: environmentId,
  created_at: createdAt,
});

let gateway: TestGateway;
let key: string;
let provider: string;
const remove = (path: string, as = key) =>
  gateway.call(`/providers/${provider}/orphans${path}`, { key: as, method: 'DELETE' });
const audited = () =>
  gateway.resources.database.client.auditEntry.findMany({
    where: { action: { startsWith: 'provider.orphan' } },
    orderBy: { id: 'asc' },
    select: { action: true, targetId: true },
  });

describeWithServices('orphans', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    key = await gateway.register();
    ({ provider } = await gateway.outfit(key));
  }, 60_000);
  afterEach(() => {
    gateway.cloud.answers = FakeCloud.agreeable();
  });
  afterAll(() => gateway?.close(), 30_000);

  it('lists what nobody knows of, and where nobody could be asked', async () => {
    const value = { orphans: [server, tag], regions: 17, unreachable: ['eu-west-3'] };
    gateway.cloud.answers['provider.orphans'] = { ok: true, value };
    const { status, body } = await gateway.call(`/providers/${provider}/orphans`, { key });
    expect([status, body]).toEqual([200, { ...value, orphans: [printed(server), printed(tag)] }]);
    expect(gateway.cloud.data['provider.orphans']).toEqual({ providerId: provider });
    expect(await audited()).toEqual([]);
  });

  it('deletes one by what names it', async () => {
    const value = { deleted: [tag], kept: [], unreachable: [] };
    gateway.cloud.answers['provider.orphans.delete'] = { ok: true, value };
    const answer = await remove(`/nyc3/tag/${encodeURIComponent(tag.id)}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(gateway.cloud.data['provider.orphans.delete']).toEqual({
      providerId: provider,
      orphan: { region: 'nyc3', kind: 'tag', id: 'cloudhero:x' },
    });
    expect((await audited()).at(-1)).toEqual({
      action: 'provider.orphan.delete',
      targetId: `${provider}/nyc3/tag/cloudhero:x`,
    });
  });

  it('deletes all, and says what is still there and why', async () => {
    const reason = { code: 'conflict', message: 'A droplet still has it.' };
    const value = { deleted: [server], kept: [{ ...tag, ...reason }], unreachable: ['ams3'] };
    gateway.cloud.answers['provider.orphans.delete'] = { ok: true, value };
    const { status, body } = await remove('');
    expect(status).toBe(200);
    expect(body).toEqual({
      deleted: [printed(server)],
      kept: [{ ...printed(tag), ...reason }],
      unreachable: ['ams3'],
    });
    expect((await audited()).at(-1)).toEqual({
      action: 'provider.orphans.delete',
      targetId: provider,
    });
  });

  it.each<[string, number]>([
    ['/us-east-1/server/i-1', 404],
    ['/us-east-1/bucket/i-1', 404],
    [`/us-east-1/server/${'x'.repeat(300)}`, 404],
    ['/us-east-1/server', 404],
  ])('%s is no orphan', async (path, status) => {
    expect((await remove(path)).status).toBe(status);
  });

  it('says so when one cannot be deleted', async () => {
    const kept = [{ ...server, code: 'conflict', message: 'It is in use.' }];
    const answers = gateway.cloud.answers;
    answers['provider.orphans.delete'] = {
      ok: true,
      value: { deleted: [], kept, unreachable: [] },
    };
    const answer = await remove('/us-east-1/server/i-0123456789abcdef0');
    expect([answer.status, answer.body]).toEqual([
      409,
      expect.objectContaining({ errors: [{ code: 'in_use', message: 'It is in use.' }] }),
    ]);
    for (const path of ['', '/us-east-1/server/i-1']) {
      answers['provider.orphans.delete'] = refusal('cloud_unavailable', true);
      expect((await remove(path)).status).toBe(503);
    }
    answers['provider.orphans'] = refusal('credentials_refused');
    expect((await gateway.call(`/providers/${provider}/orphans`, { key })).status).toBe(502);
  });

  it('lets a key that may only read look, and delete nothing', async () => {
    const made = await gateway.call('/accounts/keys', { key, body: { name: 'r', scope: 'read' } });
    const reader = (made.body as { persistent_token: string }).persistent_token;
    const list = await gateway.call(`/providers/${provider}/orphans`, { key: reader });
    expect(list.status).toBe(200);
    const before = await audited();
    for (const path of ['', '/us-east-1/server/i-1']) {
      expect((await remove(path, reader)).status).toBe(403);
    }
    expect(await audited()).toEqual(before);
  });

  it('asks no cloud of somebody else’s', async () => {
    const stranger = await gateway.register();
    const asked = gateway.cloud.asked.length;
    for (const path of ['', '/us-east-1/server/i-1']) {
      expect((await remove(path, stranger)).status).toBe(404);
    }
    expect(gateway.cloud.asked).toHaveLength(asked);
  });
});
