import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { eventually, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let ec2: EC2Client;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
  ec2 = sandbox.ec2();
});
afterAll(() => sandbox.dispose());

const idsOf = (answer: { Instances?: { InstanceId?: string }[] }) =>
  (answer.Instances ?? []).map(({ InstanceId }) => InstanceId ?? '');

async function instance(id: string) {
  const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return found.Reservations?.[0]?.Instances?.[0];
}

const inState = (id: string, state: string) =>
  eventually(async () => {
    const found = await instance(id);
    return found?.State?.Name === state && found;
  });

it('answers a repeated token with the same reservation, as it is by now', async () => {
  const launch = launchOf(2, { ClientToken: 'once' });
  const first = await ec2.send(new RunInstancesCommand(launch));
  await inState(idsOf(first)[0] ?? '', 'running');
  const second = await ec2.send(new RunInstancesCommand(launch));
  expect(second.ReservationId).toBe(first.ReservationId);
  expect(idsOf(second)).toEqual(idsOf(first));
  expect(second.Instances?.[0]?.State?.Name).toBe('running');
});

it('launches once when the same token comes many times at once', async () => {
  const launch = launchOf(1, { ClientToken: 'storm' });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => ec2.send(new RunInstancesCommand(launch))),
  );
  expect(new Set(answers.flatMap(idsOf)).size).toBe(1);
});

it('refuses a token with other parameters, but knows a token by zone', async () => {
  const send = (more: object) =>
    ec2.send(new RunInstancesCommand(launchOf(1, { ClientToken: 'zonal', ...more })));
  const first = await send({ Placement: { AvailabilityZone: 'us-east-1a' } });
  await expect(
    send({ Placement: { AvailabilityZone: 'us-east-1a' }, InstanceType: 't3.small' }),
  ).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  const other = await send({ Placement: { AvailabilityZone: 'us-east-1b' } });
  expect(idsOf(other)).not.toEqual(idsOf(first));
});

it('goes through the states, and changes the public address with a stop and start', async () => {
  const launched = await ec2.send(new RunInstancesCommand(launchOf()));
  const [id = ''] = idsOf(launched);
  expect(launched.Instances?.[0]?.State).toEqual({ Code: 0, Name: 'pending' });
  const before = await inState(id, 'running');
  const stop = await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  expect(stop.StoppingInstances?.[0]).toMatchObject({
    PreviousState: { Name: 'running' },
    CurrentState: { Name: 'stopping' },
  });
  await expect(ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject({
    name: 'IncorrectInstanceState',
  });
  const stopped = await inState(id, 'stopped');
  expect(stopped.PublicIpAddress).toBeUndefined();
  expect(stopped.StateTransitionReason).toMatch(/^User initiated \(.* GMT\)$/);
  await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  const after = await inState(id, 'running');
  expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
  expect(after.PublicIpAddress).toMatch(/^127\.65\./);
  expect(after.PublicIpAddress).not.toBe(before.PublicIpAddress);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  const gone = await inState(id, 'terminated');
  expect(gone.State?.Code).toBe(48);
  expect(gone.StateReason?.Code).toBe('Client.UserInitiatedShutdown');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});

it('words its refusals as EC2 does', async () => {
  const run = (more: object) => ec2.send(new RunInstancesCommand(launchOf(1, more)));
  const refused = (name: string) => ({ name });
  await expect(run({ ImageId: 'ami-0123456789abcdef0' })).rejects.toMatchObject(
    refused('InvalidAMIID.NotFound'),
  );
  await expect(run({ InstanceType: 'x9.huge' })).rejects.toMatchObject(
    refused('InvalidParameterValue'),
  );
  await expect(run({ KeyName: 'none' })).rejects.toMatchObject(refused('InvalidKeyPair.NotFound'));
  await expect(run({ SecurityGroupIds: ['sg-0'] })).rejects.toMatchObject(
    refused('InvalidGroup.NotFound'),
  );
  await expect(run({ DryRun: true })).rejects.toMatchObject(refused('DryRunOperation'));
  const large = Buffer.alloc(16_385, 'a').toString('base64');
  await expect(run({ UserData: large })).rejects.toMatchObject(refused('InvalidParameterValue'));
  await expect(instance('i-0123456789abcdef0')).rejects.toMatchObject(
    refused('InvalidInstanceID.NotFound'),
  );
  await expect(instance('nonsense')).rejects.toMatchObject(refused('InvalidInstanceID.Malformed'));
});
