import {
  CreateTagsCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { eventually, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let ec2: EC2Client;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
  ec2 = sandbox.ec2();
});
afterAll(() => sandbox.dispose());
afterEach(() => sandbox.admin('DELETE', 'knobs'));

const tagged = (value: string, more: object = {}) =>
  launchOf(1, {
    TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: value }] }],
    ...more,
  });

async function launch(more: object): Promise<string> {
  const launched = await ec2.send(new RunInstancesCommand({ ...launchOf(1), ...more }));
  return launched.Instances?.[0]?.InstanceId ?? '';
}

async function volumes(value: string) {
  const Filters = [{ Name: 'tag:of', Values: [value] }];
  return (await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes ?? [];
}

async function terminate(id: string): Promise<void> {
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await eventually(async () => {
    const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return found.Reservations?.[0]?.Instances?.[0]?.State?.Name === 'terminated';
  });
}

it('gives an instance a root volume that goes with it', async () => {
  const id = await launch(tagged('gone'));
  const [volume] = await volumes('gone');
  expect(volume).toMatchObject({
    State: 'in-use',
    Attachments: [{ InstanceId: id, DeleteOnTermination: true }],
  });
  const { VolumeId = '' } = volume ?? {};
  await expect(ec2.send(new DeleteVolumeCommand({ VolumeId }))).rejects.toMatchObject({
    name: 'VolumeInUse',
  });
  await ec2.send(
    new CreateTagsCommand({ Resources: [VolumeId], Tags: [{ Key: 'more', Value: '1' }] }),
  );
  const Filters = [{ Name: 'resource-type', Values: ['volume'] }];
  const tags = (await ec2.send(new DescribeTagsCommand({ Filters }))).Tags ?? [];
  expect(tags.map(({ Key }) => Key)).toEqual(['more', 'of']);
  await terminate(id);
  expect(await volumes('gone')).toEqual([]);
});

it('leaves volumes behind where the launch or a knob says so', async () => {
  const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: false } }];
  const asked = await launch(tagged('left', { BlockDeviceMappings }));
  await terminate(asked);
  await sandbox.admin('PUT', 'knobs', { keepVolumes: true });
  await terminate(await launch(tagged('left')));
  const left = await volumes('left');
  expect(left.map(({ State }) => State)).toEqual(['available', 'available']);
  const resources = await sandbox.admin<{ kind: string }[]>(
    'GET',
    'resources?account=000000000001',
  );
  expect(resources.filter(({ kind }) => kind === 'volume')).toHaveLength(2);
  for (const { VolumeId = '' } of left) await ec2.send(new DeleteVolumeCommand({ VolumeId }));
  await expect(
    ec2.send(new DeleteVolumeCommand({ VolumeId: left[0]?.VolumeId })),
  ).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
});

it('offers types by zone, and launches them nowhere else', async () => {
  const Filters = [{ Name: 'instance-type', Values: ['t2.micro', 't3.micro'] }];
  const offered = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({ LocationType: 'availability-zone', Filters }),
  );
  const zones = (type: string) =>
    offered.InstanceTypeOfferings?.filter(({ InstanceType }) => InstanceType === type).map(
      ({ Location }) => Location,
    );
  expect(zones('t2.micro')).toEqual(['us-east-1a', 'us-east-1b']);
  expect(zones('t3.micro')).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  const Placement = { AvailabilityZone: 'us-east-1c' };
  await expect(launch({ InstanceType: 't2.micro', Placement })).rejects.toMatchObject({
    name: 'Unsupported',
  });
});

it('has no capacity in an exhausted zone, at once or after a while', async () => {
  const zone = 'us-east-1b';
  const Placement = { AvailabilityZone: zone };
  await sandbox.admin('PUT', 'knobs', { exhausted: [{ cloud: 'ec2', zone, size: 't3.micro' }] });
  await expect(launch({ Placement })).rejects.toMatchObject({
    name: 'InsufficientInstanceCapacity',
  });
  await launch({ Placement, InstanceType: 't3.small' });
  await launch({ Placement: { AvailabilityZone: 'us-east-1a' } });
  await sandbox.admin('PUT', 'knobs', { exhausted: [{ asynchronous: true }] });
  const id = await launch({ Placement });
  const ended = await eventually(async () => {
    const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = found.Reservations?.[0]?.Instances?.[0];
    return instance?.State?.Name === 'terminated' && instance;
  });
  expect(ended.StateReason?.Code).toBe('Server.InsufficientInstanceCapacity');
});
