import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describeDriver } from './driver-conformance';
import { SandboxHarness } from './sandbox-harness';

const REGION = 'us-east-1';

describeDriver(
  new SandboxHarness({
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
  }),
);
