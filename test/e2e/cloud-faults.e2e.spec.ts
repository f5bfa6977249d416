import { Client, SIZE } from './support/client';
import { leftovers } from './support/cloud-leftovers';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

/** On virtual instances: what is tested is launching and deleting, and there is nothing to install. */
describe('a cloud that misbehaves', () => {
  afterEach(() => sandbox.resetKnobs());

  const lost = (action: string, count: number) => ({ lostReplies: [{ action, count }] });
  const refused = (action: string, code: string, status: number) => ({
    errors: [{ action, code, status, count: 5 }],
  });

  it.each<[string, object]>([
    ['loses its replies after launching', lost('RunInstances', 4)],
    ['loses its replies after making the security group', lost('CreateSecurityGroup', 4)],
    ['asks to slow down', refused('*', 'RequestLimitExceeded', 503)],
    ['fails now and then', refused('RunInstances', 'InternalError', 500)],
    ['does not show new servers for a while', { visibilityDelayMs: 4000 }],
    ['loses its replies after terminating', lost('TerminateInstances', 4)],
  ])('that %s gets exactly three servers, and in the end none', async (_, knobs) => {
    const client = await Client.register();
    const cloud = await sandbox.createAccount();
    const provider = await client.addProvider(cloud);
    const application = await client.createApplication();
    const nodes = ['one', 'two', 'three'].map((name) => ({ name, packages: [], size: SIZE }));
    // What the cloud offers is asked for before a launch is taken; a refusal there is an answer.
    await client.must('GET', `/providers/${provider}/meta`);
    await sandbox.setKnobs({ virtual: true, ...knobs });
    const environment = await client.launch(application, provider, nodes);
    await waitFor('every server to run', async () => {
      const state = await client.state(environment);
      return state.nodes.every(({ phase }) => phase === 'booting');
    });
    const alive = await sandbox.alive(cloud.account);
    expect(alive.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    await client.destroy(environment);
    expect(await leftovers(cloud)).toEqual([]);
  });

  it('gets nothing launched twice when the environment is deleted while a reply is lost', async () => {
    const client = await Client.register();
    const cloud = await sandbox.createAccount();
    const provider = await client.addProvider(cloud);
    const application = await client.createApplication();
    await sandbox.setKnobs({ virtual: true, ...lost('RunInstances', 4) });
    const nodes = ['one', 'two', 'three'].map((name) => ({ name, packages: [], size: SIZE }));
    const environment = await client.launch(application, provider, nodes);
    await waitFor('the cloud to have made the servers', async () => {
      return (await sandbox.alive(cloud.account)).length > 0;
    });
    await client.destroy(environment);
    expect(await leftovers(cloud)).toEqual([]);
  });
});
