import { sealContext, Sealer } from '@cloudhero/secrets';
import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

const TOKEN = 'dop_v1_56db164f10d396351aa949400200e56ded3d210d396176558b9b56';
let gateway: TestGateway;
let key: string;

interface Provider {
  id: string;
  name: string;
}
const add = (cloud_provider: string, provider_name: string, more: object = {}) =>
  gateway.call('/providers', {
    key,
    body: { cloud_provider, provider_name, access_token: TOKEN, ...more },
  });

describeWithServices('providers', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    key = await gateway.register();
    await gateway.outfit(key);
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it('adds DigitalOcean, and answers an object as the reference prints it', async () => {
    const answer = await add('digital_ocean', 'default');
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      provider_meta: { access_token: '••••9b56' },
      name: 'default',
      organisation: expect.stringMatching(/^[0-9a-f]{24}$/),
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      provider_type: 'digital_ocean',
    });
    const { id } = answer.body as Provider;
    const { client } = gateway.resources.database;
    const row = await client.provider.findUniqueOrThrow({ where: { id } });
    expect(JSON.stringify(row)).not.toContain(TOKEN);
    const sealed = gateway.app.get(Sealer).open(row.sealedCredentials, sealContext.provider(id));
    expect(sealed).toEqual({ access_token: TOKEN });
  });

  it('takes the name that the reference’s table prints, and a private cloud', async () => {
    const endpoint = 'http://127.0.0.1:9';
    const answer = await add('digitalocean', 'private', { endpoint });
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({ provider_type: 'digital_ocean', endpoint }),
    ]);
    expect(gateway.cloud.data['provider.verify']).toEqual({
      providerId: (answer.body as Provider).id,
    });
  });

  it('lists each cloud’s under its name, tells what one offers, and forgets it', async () => {
    const listed = (await gateway.call('/providers', { key })).body as Record<string, Provider[]>;
    const names = Object.entries(listed).map(([cloud, list]) => [
      cloud,
      list.map((one) => one.name).sort(),
    ]);
    expect(names).toEqual([
      ['ec2', ['my-provider']],
      ['digital_ocean', ['default', 'private']],
    ]);
    const path = `/providers/${listed['digital_ocean']?.[0]?.id}`;
    const meta = await gateway.call(`${path}/meta`, { key });
    expect(meta.body).toMatchObject({ locations: {}, sizes: {} });
    expect((await gateway.call(path, { key })).body).toMatchObject({
      id: listed['digital_ocean']?.[0]?.id,
    });
    expect((await gateway.call(path, { key, method: 'DELETE' })).status).toBe(204);
    expect((await gateway.call(path, { key })).status).toBe(404);
  });

  it('gives a retry the same answer, an object again', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { cloud_provider: 'digital_ocean', provider_name: 'once', access_token: TOKEN };
    const first = await gateway.call('/providers', { key, headers, body });
    const again = await gateway.call('/providers', { key, headers, body });
    expect([again.status, again.body]).toEqual([201, first.body]);
  });
});
