import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describeDriver } from './driver-conformance';
import { SandboxHarness } from './sandbox-harness';
import { failureOf, World } from './world';

const REGION = 'us-east-1';

const harness = new SandboxHarness({
  type: 'ec2',
  region: REGION,
  size: 't3.micro',
  kinds: ['server', 'firewall', 'ssh_key', 'volume'],
  unknownServer: 'i-0123456789abcdef0',
  tellsWhenToRetry: false,
  calls: {
    launch: 'RunInstances',
    'add key': 'ImportKeyPair',
    'add firewall': 'CreateSecurityGroup',
    'open port': 'AuthorizeSecurityGroupIngress',
    stop: 'StopInstances',
    'delete server': 'TerminateInstances',
  },
  throttled: 'RequestLimitExceeded',
  credentialsOf: ({ accessKey = '', secretKey = '' }) => ({ accessKey, secretKey }),
  nameOf: ({ credentials }) => credentials['accessKey'] ?? '',
  async openPorts({ endpoint, credentials }) {
    const { accessKey: accessKeyId = '', secretKey: secretAccessKey = '' } = credentials;
    const keys = { accessKeyId, secretAccessKey };
    const client = new EC2Client({ region: REGION, endpoint: endpoint ?? '', credentials: keys });
    const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({}));
    client.destroy();
    return SecurityGroups.flatMap(({ IpPermissions = [] }) => IpPermissions)
      .filter(({ IpRanges = [] }) => IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0'))
      .map(({ FromPort, ToPort }) =>
        FromPort === ToPort ? String(FromPort) : `${String(FromPort)}-${String(ToPort)}`,
      );
  },
});
describeDriver(harness);

describe('at EC2 alone', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.at(harness);
  });
  afterEach(() => world.close());

  it('takes a size that a zone has not got for want of room in that zone', async () => {
    const size = 't2.micro';
    const zone = `${REGION}c`;
    expect(await world.driver.zones(REGION, size)).not.toContain(zone);
    const failure = await failureOf(world.launch(await world.batch(1, { size, zone })));
    expect(failure).toMatchObject({ code: 'capacity_unavailable' });
    expect(failure?.message).toContain('Unsupported');
    expect(await world.launch(await world.batch(1, { size }))).toHaveLength(1);
  });

  it('looks for an image again when the one it knows is gone', async () => {
    const batch = await world.batch(1);
    const before = await harness.callsOf('DescribeImages');
    const gone = { ...batch, image: 'ami-0123456789abcdef0' };
    expect(await failureOf(world.launch(gone))).toMatchObject({ code: 'image_not_found' });
    expect(await world.driver.findImage(REGION, batch.size)).toBe(batch.image);
    expect(await harness.callsOf('DescribeImages')).toBe(before + 1);
  });
});
