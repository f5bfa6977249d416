import { EC2Client, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { call } from '../../../tools/lib/http.mjs';

/** Stops or ends a server at its cloud, as its owner may; the cloud may fail to. */
export async function harm(actor, serverId, ends) {
  const cloud = actor.tenant.clouds[actor.plan.cloud];
  const done =
    actor.plan.cloud === 'ec2'
      ? harmInstance(cloud, actor.region, serverId, ends)
      : harmDroplet(cloud, serverId);
  await done.catch(() => undefined);
}

async function harmInstance({ endpoint, accessKey, secretKey }, region, id, ends) {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const ec2 = new EC2Client({ region, endpoint, credentials, maxAttempts: 1 });
  const Command = ends ? TerminateInstancesCommand : StopInstancesCommand;
  try {
    await ec2.send(new Command({ InstanceIds: [id] }));
  } finally {
    ec2.destroy();
  }
}

/** Only stopped: that a droplet is gone is believed five minutes after its launch at the soonest. */
async function harmDroplet({ endpoint, token }, id) {
  const headers = { authorization: `Bearer ${token}` };
  const json = { type: 'power_off' };
  await call(endpoint, 'POST', `/v2/droplets/${id}/actions`, { headers, json });
}
