import {
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Cloud, REGION } from './client';

/** What an account still has at its cloud, asked as its owner would: the default group aside. */
export async function leftovers({ accessKey, secretKey, endpoint }: Cloud): Promise<string[]> {
  const ec2 = new EC2Client({
    region: REGION,
    endpoint,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  });
  try {
    const [instances, keys, groups] = await Promise.all([
      ec2.send(new DescribeInstancesCommand({})),
      ec2.send(new DescribeKeyPairsCommand({})),
      ec2.send(new DescribeSecurityGroupsCommand({})),
    ]);
    return [
      ...(instances.Reservations ?? [])
        .flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name !== 'terminated')
        .map(({ InstanceId }) => `instance ${InstanceId ?? ''}`),
      ...(keys.KeyPairs ?? []).map(({ KeyName }) => `key pair ${KeyName ?? ''}`),
      ...(groups.SecurityGroups ?? [])
        .filter(({ GroupName }) => GroupName !== 'default')
        .map(({ GroupName }) => `security group ${GroupName ?? ''}`),
    ];
  } finally {
    ec2.destroy();
  }
}
