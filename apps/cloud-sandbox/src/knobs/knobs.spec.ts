import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { eventually, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
});
afterAll(() => sandbox.dispose());
afterEach(() => sandbox.admin('DELETE', 'knobs'));

const turn = (knobs: object) => sandbox.admin('PUT', 'knobs', knobs);
const run = (more: object = {}) => sandbox.ec2().send(new RunInstancesCommand(launchOf(1, more)));
const describe_ = (id: string) =>
  sandbox.ec2().send(new DescribeInstancesCommand({ InstanceIds: [id] }));

it('throttles as EC2 does once the bucket is empty', async () => {
  await turn({ throttling: { enabled: true } });
  for (let call = 0; call < 5; call++) await run();
  await expect(run()).rejects.toMatchObject({
    name: 'RequestLimitExceeded',
    $metadata: { httpStatusCode: 503 },
  });
});

it('fails the next calls, or the instances after them', async () => {
  await turn({
    errors: [{ action: 'RunInstances', code: 'InsufficientInstanceCapacity', count: 1 }],
  });
  await expect(run()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
  await run();
  const asynchronous = { code: 'InsufficientInstanceCapacity', asynchronous: true, count: 1 };
  await turn({ errors: [{ action: 'RunInstances', ...asynchronous }] });
  const launched = await run();
  const id = launched.Instances?.[0]?.InstanceId ?? '';
  const ended = await eventually(async () => {
    const found = (await describe_(id)).Reservations?.[0]?.Instances?.[0];
    return found?.State?.Name === 'terminated' && found;
  });
  expect(ended.StateReason?.Code).toBe('Server.InsufficientInstanceCapacity');
});

it('does the work and loses the reply; the same token finds it again', async () => {
  await turn({ lostReplies: [{ action: 'RunInstances', count: 1 }] });
  const token = { ClientToken: 'lost' };
  await expect(run(token)).rejects.toThrow();
  const Filters = [{ Name: 'client-token', Values: ['lost'] }];
  const found = await sandbox.ec2().send(new DescribeInstancesCommand({ Filters }));
  const again = await run(token);
  expect(again.Instances?.[0]?.InstanceId).toBe(
    found.Reservations?.[0]?.Instances?.[0]?.InstanceId,
  );
});

it('does not know a new instance for a while', async () => {
  await turn({ visibilityDelayMs: 400 });
  const id = (await run()).Instances?.[0]?.InstanceId ?? '';
  await expect(describe_(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  await expect(
    sandbox.ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] })),
  ).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  await eventually(() => describe_(id).catch(() => undefined));
});

it('keeps to a quota', async () => {
  await turn({ quota: { vcpus: 0 } });
  await expect(run()).rejects.toMatchObject({ name: 'VcpuLimitExceeded' });
  await turn({ quota: { instances: 0 } });
  await expect(run()).rejects.toMatchObject({ name: 'InstanceLimitExceeded' });
});

it('refuses knobs that it does not have, and counts calls', async () => {
  await expect(turn({ latency: 5 })).rejects.toThrow('400');
  await sandbox.admin('DELETE', 'calls');
  await run();
  expect(await sandbox.admin('GET', 'calls')).toEqual({
    total: 1,
    actions: { RunInstances: 1 },
  });
});
