import { Client, type NodeRequest, SIZE } from './support/client';
import { crash } from './support/processes';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

const node = (name: string, ...packages: string[]): NodeRequest => ({ name, packages, size: SIZE });

/** Launches, crashes services when `moment` has come, and looks at what became of it. */
async function launchAndCrash(
  nodes: NodeRequest[],
  services: string[],
  moment: (phases: string[]) => boolean,
) {
  const client = await Client.register();
  const cloud = await sandbox.createAccount();
  const provider = await client.addProvider(cloud);
  const application = await client.createApplication();
  const environment = await client.launch(application, provider, nodes);
  await waitFor(
    'the moment to crash',
    async () => moment((await client.state(environment)).nodes.map(({ phase }) => phase)),
    { everyMs: 50 },
  );
  await crash(...services);
  const state = await waitFor('the environment to be ready', async () => {
    const now = await client.state(environment).catch(() => undefined); // the API may be the victim
    return now?.ready && now;
  });
  expect(state.nodes.map(({ phase }) => phase)).toEqual(nodes.map(() => 'ready'));
  expect(await sandbox.alive(cloud.account)).toHaveLength(nodes.length);
  await client.destroy(environment);
  expect(await sandbox.alive(cloud.account)).toEqual([]);
}

const some =
  (...wanted: string[]) =>
  (phases: string[]) =>
    phases.some((phase) => wanted.includes(phase));

describe('kill -9 in the middle of a launch', () => {
  const pair = [node('one', 'git'), node('two', 'git')];

  it.each([
    ['provisioner', 'as it asks the cloud', some('launching', 'booting')],
    ['provisioner', 'as servers boot', some('booting')],
    ['package-installer', 'as packages are installed', some('installing')],
    ['api-gateway', 'as servers boot', some('booting')],
    ['swarm-proxy', 'as packages are installed', some('installing')],
    ['cloud-sandbox', 'as servers boot', some('booting')],
  ])('of %s, %s, changes nothing in the end', async (service, _, moment) => {
    await launchAndCrash(pair, [service], moment);
  });

  it('of provisioner and package-installer at once leaves exactly three nodes in a cluster', async () => {
    const three = ['one', 'two', 'three'].map((name) => node(name, 'docker'));
    await launchAndCrash(three, ['provisioner', 'package-installer'], some('installing'));
  });
});
