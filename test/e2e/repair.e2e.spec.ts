import { behindOurBack } from './support/behind-our-back';
import { Client, type NodeState, SIZE } from './support/client';
import { DockerCli } from './support/docker-cli';
import { Machine } from './support/machines';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

interface NodeEvent {
  type: string;
  node: string | null;
  code: string | null;
  message: string;
}

/** Steps of one story, on real machines: three managers of one cluster, and what happens to them. */
describe('what happens to servers behind our back', () => {
  let client: Client;
  let cloud: Awaited<ReturnType<typeof sandbox.createAccount>>;
  let environment: string;
  let docker: DockerCli;

  const node = async (name: string): Promise<NodeState> => {
    const found = (await client.state(environment)).nodes.find((one) => one.name === name);
    if (!found) throw new Error(`there is no node ${name}`);
    return found;
  };
  const machine = async (name: string): Promise<Machine> => {
    const found = await Machine.at((await node(name)).public_ip);
    if (!found) throw new Error(`${name} has no machine`);
    return found;
  };
  const drift = async (name: string) =>
    (await client.must<NodeEvent[]>('GET', `/environments/${environment}/events`)).filter(
      (event) => event.node === name && event.type === 'drift',
    );
  const privateAddress = async (name: string) => {
    const { public_ip } = await node(name);
    const found = (await sandbox.instances()).find((one) => one.publicAddress === public_ip);
    return found?.privateAddress ?? '';
  };
  /** Statuses of all members, as one of their managers lists them. */
  const members = async () =>
    (await docker.run(['node', 'ls', '--format', '{{.Status}}'])).stdout.trim().split('\n');

  /** Each node is a member, and what it was before it joined anew is none any more. */
  const untilWhole = () =>
    waitFor('the cluster to have its three members and no other', async () => {
      const now = await members();
      return now.length === 3 && now.every((status) => status === 'Ready');
    });

  beforeAll(async () => {
    client = await Client.register();
    cloud = await sandbox.createAccount();
    const provider = await client.addProvider(cloud);
    const application = await client.createApplication();
    environment = await client.launch(application, provider, [
      { name: 'one', packages: ['docker'], size: SIZE },
      { name: 'two', packages: ['docker', 'nginx'], size: SIZE },
      { name: 'three', packages: ['docker'], size: SIZE },
    ]);
    docker = DockerCli.forCluster(environment, client.key);
    await client.untilReady(environment);
  });

  afterAll(async () => {
    docker.close();
    await client.destroy(environment);
  });

  it('is shown, and nothing is touched, where nobody asked for more', async () => {
    const [one, two, three] = await Promise.all(['one', 'two', 'three'].map(machine));
    const others = await Promise.all(['one', 'two'].map(privateAddress));
    const cut = (how: string) =>
      others.map((ip) => `iptables ${how} INPUT -s ${ip} -j DROP`).join(' && ');
    await Promise.all([one?.reset(), two?.sh('systemctl stop nginx'), three?.sh(cut('-I'))]);

    const shown = await waitFor('all of it to be shown', async () => {
      const found = await Promise.all(['one', 'two', 'three'].map(drift));
      return found.every((events) => events.length > 0) && found;
    });
    expect(shown[0]?.[0]?.message).toBe('The machine was restarted.');
    expect(shown[1]?.[0]?.code).toBe('package_down');
    expect(shown[2]?.[0]?.code).toBe('not_in_cluster');
    expect(await two?.succeeds('systemctl is-active nginx')).toBe(false);
    const degraded = await client.state(environment);
    expect(degraded).toMatchObject({ ready: false, phase: 'degraded' });

    await three?.sh(cut('-D'));
    await waitFor('the others to be ready again', async () => {
      const phases = await Promise.all(['one', 'three'].map(node));
      return phases.every(({ phase }) => phase === 'ready');
    });
    expect(await two?.succeeds('systemctl is-active nginx')).toBe(false);
    expect(await node('two')).toMatchObject({ phase: 'failed' });
  });

  it('is repaired from the moment that somebody asks for it: a service that is down', async () => {
    await client.must('PATCH', `/environments/${environment}`, { json: { repair: true } });
    await client.untilReady(environment);
    expect(await (await machine('two')).succeeds('systemctl is-active nginx')).toBe(true);
    await untilWhole();
  });

  it('is repaired: a manager that has left the cluster and one whose server is gone', async () => {
    await (await machine('one')).sh('docker swarm leave --force');
    await waitFor('the node that left to be back', async () =>
      (await drift('one')).some(({ code }) => code === 'not_in_cluster'),
    );
    await client.untilReady(environment);
    await untilWhole();
    const { instanceId } = await machine('two');
    await behindOurBack(cloud, 'terminate', instanceId);
    await waitFor('the loss to be seen', async () => (await node('two')).phase !== 'ready');
    await client.untilReady(environment);
    expect((await machine('two')).instanceId).not.toBe(instanceId);
    await untilWhole();
    expect(await sandbox.alive(cloud.account)).toHaveLength(3);
  });

  it('is repaired: a server that was stopped', async () => {
    const { instanceId } = await machine('three');
    await behindOurBack(cloud, 'stop', instanceId);
    await waitFor('the stop to be seen', async () => (await node('three')).phase !== 'ready');
    await client.untilReady(environment);
    expect((await machine('three')).instanceId).toBe(instanceId);
    await untilWhole();
  });
});
