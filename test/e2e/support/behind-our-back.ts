import { EC2Client, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { type Cloud, REGION } from './client';

/** Does something to a server at its cloud, as the account's owner may at any time. */
export async function behindOurBack(
  { accessKey, secretKey, endpoint }: Cloud,
  action: 'stop' | 'terminate',
  instanceId: string,
): Promise<void> {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const ec2 = new EC2Client({ region: REGION, endpoint, credentials });
  const input = { InstanceIds: [instanceId] };
  try {
    if (action === 'stop') await ec2.send(new StopInstancesCommand(input));
    else await ec2.send(new TerminateInstancesCommand(input));
  } finally {
    ec2.destroy();
  }
}
