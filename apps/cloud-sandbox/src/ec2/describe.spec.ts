import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
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

const tagged = (count: number, tags: Record<string, string>) =>
  launchOf(count, {
    TagSpecifications: [
      {
        ResourceType: 'instance',
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  });

async function count(filters: Record<string, string[]>): Promise<number> {
  const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
  const found = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return (found.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []).length;
}

it('filters by tags, states and wildcards', async () => {
  const tags = { Name: 'web-1', 'owner*': 'me', empty: '' };
  const launched = await ec2.send(new RunInstancesCommand(tagged(2, tags)));
  await eventually(async () => (await count({ 'instance-state-name': ['running'] })) === 2);
  expect(await count({ 'tag:Name': ['web-?'] })).toBe(2);
  expect(await count({ 'tag:Name': ['web-\\?'] })).toBe(0);
  expect(await count({ 'tag-key': ['owner\\*'], 'instance-type': ['t3.*'] })).toBe(2);
  expect(await count({ 'tag:Name': ['web-1'], 'instance-state-name': ['stopped'] })).toBe(0);
  expect(await count({ 'tag:Name': ['nothing', 'web*'] })).toBe(2);
  await expect(count({ nonsense: ['x'] })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  const id = launched.Instances?.[0]?.InstanceId ?? '';
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value: 'db' }] }));
  await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'empty' }] }));
  expect(await count({ 'tag:Name': ['db'] })).toBe(1);
  const Filters = [{ Name: 'resource-id', Values: [id] }];
  const found = await ec2.send(new DescribeTagsCommand({ Filters }));
  expect(found.Tags?.map(({ Key }) => Key)).toEqual(['Name', 'owner*']);
  const status = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
  expect(status.InstanceStatuses?.[0]?.InstanceStatus?.Status).toBe('initializing');
});

it('hands out a thousand virtual instances in pages, each exactly once', async () => {
  await ec2.send(new RunInstancesCommand(tagged(1000, { fleet: 'big' })));
  const Filters = [{ Name: 'tag:fleet', Values: ['big'] }];
  const ids: string[] = [];
  let pages = 0;
  for await (const page of paginateDescribeInstances({ client: ec2, pageSize: 300 }, { Filters })) {
    pages++;
    for (const { Instances } of page.Reservations ?? [])
      ids.push(...(Instances ?? []).map(({ InstanceId }) => InstanceId ?? ''));
  }
  expect(pages).toBe(4);
  expect(new Set(ids).size).toBe(1000);
  expect(ids).toHaveLength(1000);
  await eventually(
    async () =>
      (await count({ 'tag:fleet': ['big'], 'instance-state-name': ['running'] })) === 1000,
  );
  await expect(
    ec2.send(new DescribeInstancesCommand({ NextToken: 'forged' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

it('shows regions, zones, images, types and the default network', async () => {
  const regions = await ec2.send(new DescribeRegionsCommand({}));
  expect(regions.Regions?.map(({ RegionName }) => RegionName)).toContain('eu-central-1');
  const zones = await ec2.send(new DescribeAvailabilityZonesCommand({}));
  expect(zones.AvailabilityZones?.map(({ ZoneId }) => ZoneId)).toEqual([
    'use1-az1',
    'use1-az2',
    'use1-az3',
  ]);
  const images = await ec2.send(
    new DescribeImagesCommand({
      Owners: ['136693071363'],
      Filters: [
        { Name: 'name', Values: ['debian-12-amd64-*'] },
        { Name: 'architecture', Values: ['x86_64'] },
        { Name: 'state', Values: ['available'] },
      ],
    }),
  );
  expect(images.Images?.length).toBe(2);
  const types = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.xlarge', 't2.micro'] }),
  );
  expect(types.InstanceTypes?.[0]).toMatchObject({
    InstanceType: 'm5.xlarge',
    VCpuInfo: { DefaultVCpus: 4 },
    MemoryInfo: { SizeInMiB: 16_384 },
  });
  const vpcs = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
  );
  const subnets = await ec2.send(new DescribeSubnetsCommand({}));
  expect(subnets.Subnets).toHaveLength(3);
  expect(subnets.Subnets?.[0]?.VpcId).toBe(vpcs.Vpcs?.[0]?.VpcId);
});
