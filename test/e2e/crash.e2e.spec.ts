import { Client, type NodeRequest, SIZE } from './support/client';
import { crash } from './support/processes';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

const node = (name: string, ...packages: string[]): NodeRequest => ({ name, packages, size: SIZE });

interface Crash {
  services: string[];
  /** When to crash them: a node is in this phase. */
  when: string;
}

/** Launches three nodes, crashes services as it goes on, and looks at what became of it. */
async function launchThroughCrashes(packages: string, crashes: Crash[]) {
  const client = await Client.register();
  const cloud = await sandbox.createAccount();
  const provider = await client.addProvider(cloud);
  const application = await client.createApplication();
  const nodes = ['one', 'two', 'three'].map((name) => node(name, packages));
  const environment = await client.launch(application, provider, nodes);
  // The API may be the victim.
  const phases = async () =>
    (await client.state(environment).catch(() => undefined))?.nodes.map(({ phase }) => phase);
  for (const { services, when } of crashes) {
    await waitFor(`a node that is ${when}`, async () => (await phases())?.includes(when), {
      everyMs: 50,
    });
    await crash(...services);
  }
  await waitFor('every node to be ready', async () =>
    (await phases())?.every((phase) => phase === 'ready'),
  );
  expect(await sandbox.alive(cloud.account)).toHaveLength(3);
  await client.destroy(environment);
  expect(await sandbox.alive(cloud.account)).toEqual([]);
}

describe('kill -9 in the middle of a launch leaves exactly three ready nodes', () => {
  it.each<[string, string, Crash[]]>([
    [
      'provisioner, as it asks the cloud',
      'git',
      [{ services: ['provisioner'], when: 'launching' }],
    ],
    [
      'api-gateway as servers boot, swarm-proxy as packages are installed',
      'git',
      [
        { services: ['api-gateway'], when: 'booting' },
        { services: ['swarm-proxy'], when: 'installing' },
      ],
    ],
    [
      'cloud-sandbox, as it makes servers',
      'git',
      [{ services: ['cloud-sandbox'], when: 'launching' }],
    ],
    [
      'provisioner as servers boot, then it and package-installer as a cluster is installed',
      'docker',
      [
        { services: ['provisioner'], when: 'booting' },
        { services: ['provisioner', 'package-installer'], when: 'installing' },
      ],
    ],
  ])('of %s', async (_, packages, crashes) => {
    await launchThroughCrashes(packages, crashes);
  });
});
