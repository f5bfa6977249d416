import { Client, SIZE } from './support/client';
import { flushRedis } from './support/processes';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

describe('Redis emptied in the middle of a launch', () => {
  it.each(['launching', 'booting', 'installing'])(
    'while nodes are %s: the environment becomes ready with exactly its nodes',
    async (phase) => {
      const client = await Client.register();
      const cloud = await sandbox.createAccount();
      const provider = await client.addProvider(cloud);
      const application = await client.createApplication();
      const nodes = ['one', 'two'].map((name) => ({ name, packages: ['git'], size: SIZE }));
      const environment = await client.launch(application, provider, nodes);
      const order = ['requested', 'launching', 'booting', 'installing', 'joining', 'ready'];
      await waitFor(
        `a node to be ${phase}`,
        async () => {
          const state = await client.state(environment);
          return state.nodes.some((node) => order.indexOf(node.phase) >= order.indexOf(phase));
        },
        { everyMs: 50 },
      );
      await flushRedis();
      await client.untilReady(environment);
      expect(await sandbox.alive(cloud.account)).toHaveLength(nodes.length);
      await client.destroy(environment);
      expect(await sandbox.alive(cloud.account)).toEqual([]);
    },
  );
});
