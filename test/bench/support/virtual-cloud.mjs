import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../../tools/lib/http.mjs';

const LOOK_EVERY_MS = 1000;

/** A sandbox whose instances are records: what costs nothing there is not what is measured. */
export class VirtualCloud {
  constructor(endpoint) {
    this.endpoint = endpoint;
  }

  async admin(method, path, json) {
    const { status, body } = await call(this.endpoint, method, `/_sandbox/${path}`, { json });
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Accounts of its own for each, so that no account's limits are what is measured. */
  async accounts(count) {
    const made = [];
    for (let i = 0; i < count; i++) made.push(await this.admin('POST', 'accounts', {}));
    return made.map(({ accessKey, secretKey }) => ({
      accessKey,
      secretKey,
      endpoint: this.endpoint,
    }));
  }

  resetCalls() {
    return this.admin('DELETE', 'calls');
  }

  calls() {
    return this.admin('GET', 'calls');
  }
}

/**
 * The same instances with the cloud's own SDK and nothing else: one RunInstances a batch, then looks
 * as often as the provisioner looks, until all run. Nothing is written down, named or guarded.
 * @returns milliseconds until the last one runs
 */
export async function bareLaunchMs(accounts, { regions, size, batches, count }) {
  const clients = accounts.map(({ accessKey, secretKey, endpoint }, index) => {
    const region = regions[index % regions.length];
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    return new EC2Client({ region, endpoint, credentials });
  });
  const began = performance.now();
  const launched = await Promise.all(
    clients.map((ec2) => launchAll(ec2, { size, batches, count })),
  );
  const ms = performance.now() - began;
  await Promise.all(
    clients.map((ec2, i) =>
      ec2
        .send(new TerminateInstancesCommand({ InstanceIds: launched[i] }))
        .then(() => ec2.destroy()),
    ),
  );
  return ms;
}

async function newestImage(ec2) {
  const { Images } = await ec2.send(new DescribeImagesCommand({}));
  return Images.sort((a, b) => b.CreationDate.localeCompare(a.CreationDate))[0];
}

async function launchAll(ec2, { size, batches, count }) {
  const { ImageId } = await newestImage(ec2);
  const InstanceIds = [];
  for (let batch = 0; batch < batches; batch++) {
    const request = { ImageId, InstanceType: size, MinCount: count, MaxCount: count };
    const { Instances } = await ec2.send(new RunInstancesCommand(request));
    InstanceIds.push(...Instances.map(({ InstanceId }) => InstanceId));
  }
  while ((await running(ec2)) < InstanceIds.length) await sleep(LOOK_EVERY_MS);
  return InstanceIds;
}

async function running(ec2) {
  let count = 0;
  let NextToken;
  do {
    const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken }));
    for (const { Instances } of page.Reservations)
      count += Instances.filter(({ State }) => State.Name === 'running').length;
    NextToken = page.NextToken;
  } while (NextToken);
  return count;
}
