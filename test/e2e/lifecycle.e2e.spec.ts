import { Client, SIZE } from './support/client';
import { leftovers } from './support/cloud-leftovers';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

/** Steps of one story, on real machines. */
describe("an environment's life", () => {
  let client: Client;
  let cloud: Awaited<ReturnType<typeof sandbox.createAccount>>;
  let environment: string;

  const node = (name: string) => ({ name, packages: ['git'], size: SIZE });
  const phases = async () =>
    Object.fromEntries(
      (await client.state(environment)).nodes
        .filter(({ phase }) => phase !== 'absent')
        .map(({ name, phase }) => [name, phase]),
    );

  beforeAll(async () => {
    client = await Client.register();
    cloud = await sandbox.createAccount();
    const provider = await client.addProvider(cloud);
    const application = await client.createApplication();
    environment = await client.launch(application, provider, [node('one'), node('two')]);
    await client.untilReady(environment);
  });

  it('stops, and starts again with what was installed', async () => {
    await client.must('POST', `/environments/${environment}/stop`);
    await waitFor('all to be stopped', async () =>
      Object.values(await phases()).every((phase) => phase === 'stopped'),
    );
    expect((await sandbox.alive(cloud.account)).map(({ state }) => state)).toEqual([
      'stopped',
      'stopped',
    ]);
    await client.must('POST', `/environments/${environment}/start`);
    await client.untilReady(environment);
    expect((await sandbox.alive(cloud.account)).map(({ state }) => state)).toEqual([
      'running',
      'running',
    ]);
  });

  it('grows by a node', async () => {
    const before = (await sandbox.alive(cloud.account)).map(({ instanceId }) => instanceId);
    await client.must('POST', `/environments/${environment}/nodes`, {
      json: { nodes: [node('three')] },
      headers: { prefer: 'respond-async' },
    });
    await waitFor('three nodes to be ready', async () => {
      const now = Object.values(await phases());
      return now.length === 3 && now.every((phase) => phase === 'ready');
    });
    const after = (await sandbox.alive(cloud.account)).map(({ instanceId }) => instanceId);
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('shrinks by a node', async () => {
    const { nodes } = await client.state(environment);
    const one = nodes.find(({ name }) => name === 'one');
    await client.must('DELETE', `/environments/${environment}/nodes/${one?.id ?? ''}`);
    await waitFor('two nodes to be left', async () => Object.keys(await phases()).length === 2);
    await waitFor('two instances to be left', async () => {
      return (await sandbox.alive(cloud.account)).length === 2;
    });
    expect(await phases()).toEqual({ two: 'ready', three: 'ready' });
  });

  it('leaves nothing at the cloud when it is deleted', async () => {
    await client.destroy(environment);
    await waitFor('the cloud to be empty', async () => (await leftovers(cloud)).length === 0);
  });

  it('can be deleted while it comes up, and leaves nothing', async () => {
    const provider = await client.addProvider(cloud);
    const application = await client.createApplication();
    const second = await client.launch(application, provider, [node('one'), node('two')]);
    await waitFor('an instance', async () => (await sandbox.alive(cloud.account)).length > 0, {
      everyMs: 50,
    });
    await client.destroy(second);
    await waitFor('the cloud to be empty', async () => (await leftovers(cloud)).length === 0);
  });
});
