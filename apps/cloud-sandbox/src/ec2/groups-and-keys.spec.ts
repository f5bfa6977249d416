import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  ImportKeyPairCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { newKeyPair } from '../testing/key-pair';
import { eventually, launchOf, TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let ec2: EC2Client;
beforeAll(async () => {
  sandbox = await new TestSandbox().start();
  ec2 = sandbox.ec2();
});
afterAll(() => sandbox.dispose());

it.each(['ed25519', 'rsa'] as const)('keeps imported %s keys once', async (type) => {
  const { public: key } = newKeyPair(type);
  const request = { KeyName: `key-${type}`, PublicKeyMaterial: Buffer.from(key) };
  const imported = await ec2.send(new ImportKeyPairCommand(request));
  expect(imported.KeyFingerprint).toMatch(type === 'rsa' ? /^([0-9a-f]{2}:){15}/ : /^.{43}=$/);
  await expect(ec2.send(new ImportKeyPairCommand(request))).rejects.toMatchObject({
    name: 'InvalidKeyPair.Duplicate',
  });
  const named = { KeyNames: [request.KeyName] };
  const found = await ec2.send(new DescribeKeyPairsCommand(named));
  expect(found.KeyPairs?.[0]).toMatchObject({ KeyType: type, KeyPairId: imported.KeyPairId });
  await ec2.send(new DeleteKeyPairCommand({ KeyName: request.KeyName }));
  await ec2.send(new DeleteKeyPairCommand({ KeyName: request.KeyName }));
  await expect(ec2.send(new DescribeKeyPairsCommand(named))).rejects.toMatchObject({
    name: 'InvalidKeyPair.NotFound',
  });
});

it('refuses what is not a public key', async () => {
  const request = { KeyName: 'bad', PublicKeyMaterial: Buffer.from('ssh-rsa nonsense') };
  await expect(ec2.send(new ImportKeyPairCommand(request))).rejects.toMatchObject({
    name: 'InvalidKey.Format',
  });
});

it('keeps groups with their rules until nothing depends on them', async () => {
  const made = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'of the spec' }),
  );
  const GroupId = made.GroupId ?? '';
  await expect(
    ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'again' })),
  ).rejects.toMatchObject({ name: 'InvalidGroup.Duplicate' });
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    { IpProtocol: 'udp', FromPort: 4789, ToPort: 4789, UserIdGroupPairs: [{ GroupId }] },
  ];
  const rules = { GroupId, IpPermissions };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(rules));
  await expect(ec2.send(new AuthorizeSecurityGroupIngressCommand(rules))).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
  });
  const describe = () => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  expect((await describe()).SecurityGroups?.[0]).toMatchObject({ IpPermissions });
  await ec2.send(new RevokeSecurityGroupIngressCommand(rules));
  expect((await describe()).SecurityGroups?.[0]?.IpPermissions).toEqual([]);
  const launched = await ec2.send(
    new RunInstancesCommand(launchOf(1, { SecurityGroupIds: [GroupId] })),
  );
  const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await expect(remove()).rejects.toMatchObject({ name: 'DependencyViolation' });
  const InstanceIds = [launched.Instances?.[0]?.InstanceId ?? ''];
  await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  await eventually(() => remove().catch(() => undefined));
  await expect(describe()).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
});
