import { type ClientBundle, DockerCli } from './support/docker-cli';
import { CLI_SCENARIOS, type CliSetting } from './support/docker-cli-scenarios';
import { IMAGE, imageFile, loadImage } from './support/image';
import { type SharedCluster, sharedCluster } from './support/shared-cluster';
import { strangersCertificate } from './support/strangers-certificate';

describe('the Docker cluster', () => {
  let cluster: SharedCluster;
  let docker: DockerCli;
  let setting: CliSetting;

  beforeAll(async () => {
    cluster = await sharedCluster();
    docker = DockerCli.forCluster(cluster.environment, cluster.client.key);
    await loadImage(cluster.client, cluster.environment);
    const archived = 'cloudhero/archived:demo';
    setting = {
      docker: (args, options) => docker.run(args, options),
      image: IMAGE,
      nodeCount: 3,
      archive: { path: await imageFile(archived), image: archived },
    };
  });

  afterAll(() => docker.close());

  it('answers on port 4000 of each node to the client bundle, and to nobody else', async () => {
    const { client, environment } = cluster;
    const bundle = await client.must<ClientBundle>('GET', `/environments/${environment}/docker`);
    const { nodes } = await client.state(environment);
    for (const { public_ip } of nodes) {
      const node = DockerCli.forNode(`${public_ip ?? ''}:4000`, bundle);
      const info = await node.run([
        'info',
        '--format',
        '{{.Swarm.LocalNodeState}} {{.Swarm.Nodes}}',
      ]);
      node.close();
      expect([info.code, info.stderr]).toEqual([0, '']);
      expect(info.stdout).toMatch(/^active /);
      const stranger = DockerCli.forNode(`${public_ip ?? ''}:4000`, {
        ...bundle,
        ...(await strangersCertificate()),
      });
      const refused = await stranger.run(['info']);
      expect(refused.stderr + refused.stdout).toMatch(/tls|certificate/i);
      stranger.close();
    }
  });

  it('is one engine to the stock CLI', async () => {
    const version = await docker.run(['version']);
    expect([version.code, version.stderr]).toEqual([0, '']);
    const info = await docker.run(['info']);
    expect(info.code).toBe(0);
    expect((await docker.run(['images'])).stdout).toContain(IMAGE.split(':')[0]);
  });

  it.each(CLI_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'by its one address: %s',
    async (_, scenario) => {
      await scenario.run(setting);
    },
  );

  it('refuses the CLI a wrong key', async () => {
    const stranger = DockerCli.forCluster(cluster.environment, '0'.repeat(38));
    const { code, stderr } = await stranger.run(['ps']);
    stranger.close();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/key|unauthori[sz]ed/i);
  });
});
