import { Client, DROPLET_REGION, DROPLET_SIZE, REGION, SIZE } from './support/client';
import { forgetEnvironment } from './support/forget-environment';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

interface Orphan {
  id: string;
  kind: string;
  region: string;
  environment: string | null;
}
interface Deleted {
  deleted: Orphan[];
  kept: (Orphan & { code: string })[];
}

const CLOUDS = [
  ['EC2', () => sandbox.createAccount(), { region: REGION, size: SIZE }],
  [
    'DigitalOcean',
    () => sandbox.createDropletAccount(),
    { region: DROPLET_REGION, size: DROPLET_SIZE },
  ],
] as const;

describe('what a restored backup does not know of', () => {
  let client: Client;
  let application: string;

  beforeAll(async () => {
    client = await Client.register();
    application = await client.createApplication();
    await sandbox.setKnobs({ virtual: true });
  });
  afterAll(() => sandbox.resetKnobs());

  it.each(CLOUDS)(
    'is listed at %s, deleted only when asked for, and nothing else',
    async (...at) => {
      const [, createAccount, { region, size }] = at;
      const cloud = await createAccount();
      const provider = await client.addProvider(cloud);
      const path = `/providers/${provider}/orphans`;
      const launch = async () => {
        const nodes = ['one', 'two'].map((name) => ({ name, packages: [], size }));
        const id = await client.launch(application, provider, nodes, { region });
        await client.until(id, 'running', (state) =>
          state.nodes.every((node) => node.state === 'running'),
        );
        return id;
      };
      const orphans = async () => (await client.must<{ orphans: Orphan[] }>('GET', path)).orphans;
      const [kept, lost] = [await launch(), await launch()];
      expect(await orphans()).toEqual([]);

      await forgetEnvironment(lost);
      const listed = await orphans();
      expect(listed.filter(({ kind }) => kind === 'server')).toHaveLength(2);
      expect(listed.map(({ kind }) => kind)).toContain('firewall');
      expect([...new Set(listed.map(({ environment }) => environment))]).toEqual([lost]);

      const [first] = listed;
      const one = `${path}/${first?.region ?? ''}/${first?.kind ?? ''}`;
      const living = (await client.state(kept)).nodes[0]?.server_id as string;
      expect((await client.call('DELETE', `${one}/${living}`)).status).toBe(404);
      await client.must('DELETE', `${one}/${encodeURIComponent(first?.id ?? '')}`);
      const left = await orphans();
      expect(left.length).toBeLessThan(listed.length);

      // What servers still use goes once they are gone. DigitalOcean lists keys ten times a minute.
      const all = async () => {
        const { deleted, kept: still } = await client.must<Deleted>('DELETE', path);
        expect(still.filter(({ code }) => code !== 'conflict')).toEqual([]);
        return deleted.length + still.length === 0;
      };
      await waitFor('the rest to go', all, { everyMs: 5000 });
      const nodes = (await client.state(kept)).nodes.map(({ state }) => state);
      expect(nodes).toEqual(['running', 'running']);
      expect(await sandbox.alive(cloud.account)).toHaveLength(2);
      await client.destroy(kept);
      await waitFor('the cloud to be empty', async () => {
        return (await sandbox.left(cloud.account)).length === 0;
      });
    },
  );
});
