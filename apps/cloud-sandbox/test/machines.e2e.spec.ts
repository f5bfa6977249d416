import {
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  ImportKeyPairCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { cloudSandboxSchema, loadConfig } from '@cloudhero/config';
import { newKeyPair } from '../src/testing/key-pair';
import { DockerEngine } from '../src/machines/docker-engine';
import { eventually, launchOf, TestSandbox } from '../src/testing/start-sandbox';
import { ssh } from './ssh';

const NAME = `e2e-${process.pid}`;
const MINUTES = 60_000;
const { DOCKER_HOST } = loadConfig(cloudSandboxSchema.pick({ DOCKER_HOST: true }));
const engine = new DockerEngine(DOCKER_HOST);
const user = newKeyPair('ed25519');
const host = newKeyPair('ed25519');
const hostKey = host.public.split(' ')[1] ?? '';
const indented = host.private.trim().replaceAll('\n', '\n    ');
const userData = `#cloud-config
ssh_keys:
  ed25519_private: |
    ${indented}
  ed25519_public: ${host.public.trim()}
write_files:
  - path: /etc/greeting
    content: hello
`;

let sandbox: TestSandbox;
let ec2: EC2Client;
let id = '';

beforeAll(async () => {
  sandbox = await new TestSandbox({
    CLOUDHERO_SANDBOX_MACHINES: 'docker',
    CLOUDHERO_SANDBOX_NAME: NAME,
  }).start();
  ec2 = sandbox.ec2();
  await eventually(async () => (await fetch(`${sandbox.url}/health/ready`)).ok, 12 * MINUTES);
});
afterAll(async () => {
  await sandbox.admin('POST', 'purge', {});
  await sandbox.dispose();
});

async function inState(state: string) {
  return eventually(async () => {
    const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = found.Reservations?.[0]?.Instances?.[0];
    if (instance?.State?.Name === 'terminated' && state !== 'terminated')
      throw new Error(instance.StateReason?.Message);
    return instance?.State?.Name === state && instance;
  }, 2 * MINUTES);
}

/** Authentication is refused until cloud-init has put the keys in place, as on a real cloud. */
const on = (address: string | undefined, command: string) =>
  eventually(
    () =>
      ssh({ host: address ?? '', privateKey: user.private, hostKey }, command).catch(
        (error: unknown) => {
          if ((error as Error).message.startsWith(command)) throw error;
          return undefined;
        },
      ),
    MINUTES,
  );

async function leftovers(): Promise<number> {
  const label = encodeURIComponent(JSON.stringify({ label: [`cloudhero.sandbox=${NAME}`] }));
  const get = <T>(path: string) => engine.json<T>({ method: 'GET', path });
  const containers = await get<unknown[]>(`/containers/json?all=true&filters=${label}`);
  const volumes = await get<{ Volumes: unknown[] | null }>(`/volumes?filters=${label}`);
  return containers.length + (volumes.Volumes?.length ?? 0);
}

it('boots a machine that is reached by SSH with the host key that we gave it', async () => {
  const started = Date.now();
  const PublicKeyMaterial = Buffer.from(user.public);
  await ec2.send(new ImportKeyPairCommand({ KeyName: 'e2e', PublicKeyMaterial }));
  const launch = launchOf(1, {
    KeyName: 'e2e',
    UserData: Buffer.from(userData).toString('base64'),
  });
  const launched = await ec2.send(new RunInstancesCommand(launch));
  id = launched.Instances?.[0]?.InstanceId ?? '';
  const { PublicIpAddress } = await inState('running');
  await on(PublicIpAddress, 'sudo cloud-init status --wait');
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(`from the request to a finished boot: ${seconds} s\n`);
  expect(await on(PublicIpAddress, 'systemctl is-system-running --wait')).toBe('running');
  expect(await on(PublicIpAddress, 'cat /etc/greeting')).toBe('hello');
  expect(await on(PublicIpAddress, 'hostname')).toBe(
    launched.Instances?.[0]?.PrivateDnsName?.split('.')[0],
  );
  const console_ = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
  expect(Buffer.from(console_.Output ?? '', 'base64').toString()).toContain(
    'BEGIN SSH HOST KEY FINGERPRINTS',
  );
});

it('has an apt that installs', async () => {
  const { PublicIpAddress } = await inState('running');
  await on(PublicIpAddress, 'sudo apt-get update -q && sudo apt-get install -qy hello && hello');
});

it('keeps its disk over a reboot from inside and a reboot by the API', async () => {
  const { PublicIpAddress } = await inState('running');
  const bootId = () => on(PublicIpAddress, 'systemctl show --property UserspaceTimestamp');
  const first = await bootId();
  await ssh(
    { host: PublicIpAddress ?? '', privateKey: user.private, hostKey },
    'sudo reboot',
  ).catch(() => undefined);
  await eventually(async () => (await bootId()) !== first, MINUTES);
  const second = await bootId();
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  await eventually(async () => (await bootId()) !== second, MINUTES);
  expect(await on(PublicIpAddress, 'hello')).toBe('Hello, world!');
});

it('keeps its disk and private address over a stop and start, not its public address', async () => {
  const before = await inState('running');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await inState('stopped');
  await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  const after = await inState('running');
  expect(after.PublicIpAddress).not.toBe(before.PublicIpAddress);
  expect(await on(after.PublicIpAddress, 'hello')).toBe('Hello, world!');
  expect(await on(after.PublicIpAddress, 'ip -o -4 address')).toContain(
    `${after.PrivateIpAddress}/`,
  );
});

it('goes on after the sandbox itself was away', async () => {
  await sandbox.stop();
  await sandbox.start();
  ec2 = sandbox.ec2();
  const { PublicIpAddress } = await inState('running');
  expect(await on(PublicIpAddress, 'hello')).toBe('Hello, world!');
});

it('is stopped by a shutdown from inside', async () => {
  const { PublicIpAddress } = await inState('running');
  await on(PublicIpAddress, 'sudo systemd-run --on-active=1 poweroff');
  await inState('stopped');
});

it('leaves nothing behind when it is terminated', async () => {
  expect(await leftovers()).toBeGreaterThan(0);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await inState('terminated');
  expect(await leftovers()).toBe(0);
});
