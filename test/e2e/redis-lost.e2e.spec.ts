import { Client, SIZE } from './support/client';
import { flushRedis } from './support/processes';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

const ORDER = ['requested', 'launching', 'booting', 'installing', 'joining', 'ready'];

it('makes an environment ready with exactly its nodes though Redis is emptied again and again', async () => {
  const client = await Client.register();
  const cloud = await sandbox.createAccount();
  const provider = await client.addProvider(cloud);
  const application = await client.createApplication();
  const nodes = ['one', 'two', 'three'].map((name) => ({ name, packages: ['git'], size: SIZE }));
  const environment = await client.launch(application, provider, nodes);
  for (const phase of ['launching', 'booting', 'installing']) {
    const reached = async () => {
      const state = await client.state(environment);
      return state.nodes.some((node) => ORDER.indexOf(node.phase) >= ORDER.indexOf(phase));
    };
    await waitFor(`a node to be ${phase}`, reached, { everyMs: 50 });
    await flushRedis();
  }
  await client.untilReady(environment);
  expect(await sandbox.alive(cloud.account)).toHaveLength(nodes.length);
  await client.destroy(environment);
  expect(await sandbox.alive(cloud.account)).toEqual([]);
});
