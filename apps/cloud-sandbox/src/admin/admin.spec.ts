import {
  DescribeInstancesCommand,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { dropletOf, type DropletJson } from '../testing/do-client';
import { newKeyPair } from '../testing/key-pair';
import { type Credentials, eventually, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await new TestSandbox().start();
});
afterEach(() => sandbox.dispose());

interface Instance {
  cloud: string;
  instanceId: string;
  state: string;
  publicAddress: string;
  tags: unknown;
}

const instances = () => sandbox.admin<Instance[]>('GET', 'instances');
const running = () =>
  eventually(async () => {
    const found = await instances();
    return found.every(({ state }) => state === 'running') && found;
  });

async function launchBoth(): Promise<number> {
  await sandbox.ec2().send(new RunInstancesCommand(launchOf(1)));
  const body = dropletOf('both', { tags: ['mark'] });
  const made = await sandbox
    .digitalOcean()
    .call<{ droplet: DropletJson }>('POST', 'droplets', body);
  return made.body.droplet.id;
}

it('shows instances and droplets side by side', async () => {
  const id = await launchBoth();
  const found = await running();
  expect(found.map(({ cloud }) => cloud)).toEqual(['ec2', 'digital_ocean']);
  expect(found[1]).toMatchObject({ instanceId: String(id), tags: ['mark'] });
  expect(new Set(found.map(({ publicAddress }) => publicAddress)).size).toBe(2);
});

it('lists what an account still has, at either cloud', async () => {
  const ec2 = await sandbox.admin<Credentials & { account: string }>('POST', 'accounts', {});
  const ocean = await sandbox.admin<{ token: string; account: string }>('POST', 'accounts', {
    cloud: 'digital_ocean',
  });
  const PublicKeyMaterial = Buffer.from(newKeyPair('ed25519').public);
  const client = sandbox.ec2('eu-west-1', ec2);
  await client.send(new ImportKeyPairCommand({ KeyName: 'left', PublicKeyMaterial }));
  await sandbox.digitalOcean(ocean.token).call('POST', 'tags', { name: 'left' });
  const left = (account: string) =>
    sandbox.admin<{ cloud: string; kind: string; name: string }[]>(
      'GET',
      `resources?account=${account}`,
    );
  expect(await left(ec2.account)).toMatchObject([{ cloud: 'ec2', kind: 'key', name: 'left' }]);
  expect(await left(ocean.account)).toMatchObject([
    { cloud: 'digital_ocean', kind: 'tag', name: 'left' },
  ]);
  expect(await left('nobody')).toEqual([]);
});

it('gives a running machine another public address behind its owner’s back', async () => {
  const id = await launchBoth();
  const [instance, droplet] = await running();
  for (const name of [instance?.instanceId, String(id)])
    await sandbox.admin('POST', `instances/${name}/readdress`, {});
  const [changed, alsoChanged] = await instances();
  expect(changed?.publicAddress).not.toBe(instance?.publicAddress);
  expect(alsoChanged?.publicAddress).not.toBe(droplet?.publicAddress);
  const found = await sandbox.ec2().send(new DescribeInstancesCommand({}));
  expect(found.Reservations?.[0]?.Instances?.[0]?.PublicIpAddress).toBe(changed?.publicAddress);
  const { networks } = await sandbox.digitalOcean().droplet(id);
  expect(networks.v4.map(({ ip_address }) => ip_address)).toContain(alsoChanged?.publicAddress);
  await expect(sandbox.admin('POST', 'instances/i-0/readdress', {})).rejects.toThrow('409');
});

it('empties both clouds', async () => {
  await launchBoth();
  await running();
  await sandbox.admin('POST', 'purge', {});
  expect(await instances()).toEqual([]);
  expect(await sandbox.admin('GET', 'resources')).toEqual([]);
});
