import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import ssh2 from 'ssh2';
import { setTimeout as sleep } from 'node:timers/promises';

const INSTALL =
  'sudo cloud-init status --wait >/dev/null; sudo apt-get update -q >/dev/null && ' +
  'sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker.io >/dev/null && ' +
  'until sudo docker info >/dev/null 2>&1; do sleep 0.2; done';
const PATIENCE_MS = 600_000;

/**
 * What the machine itself takes to bring up `count` Docker servers with nobody's help: its cloud's
 * call, boot, apt and the engine's start, by hand over SSH, all of them in parallel.
 * @returns milliseconds from the call until the slowest engine answers
 */
export async function floorMs({ endpoint, accessKey, secretKey, region, size }, count) {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const ec2 = new EC2Client({ region, endpoint, credentials });
  const keys = ssh2.utils.generateKeyPairSync('ed25519');
  const ImageId = await newestImage(ec2);
  const userData = `#cloud-config\nssh_authorized_keys:\n  - ${keys.public}\n`;
  const began = performance.now();
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId,
      InstanceType: size,
      MinCount: count,
      MaxCount: count,
      UserData: Buffer.from(userData).toString('base64'),
    }),
  );
  const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
  try {
    const hosts = await addresses(ec2, InstanceIds);
    await Promise.all(hosts.map((host) => overSsh(host, keys.private, INSTALL)));
    return performance.now() - began;
  } finally {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    ec2.destroy();
  }
}

async function newestImage(ec2) {
  const { Images } = await ec2.send(new DescribeImagesCommand({}));
  return Images.sort((a, b) => b.CreationDate.localeCompare(a.CreationDate))[0].ImageId;
}

async function addresses(ec2, InstanceIds) {
  for (;;) {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const found = Reservations.flatMap(({ Instances }) => Instances);
    const hosts = found.flatMap(({ PublicIpAddress }) => PublicIpAddress ?? []);
    if (hosts.length === InstanceIds.length) return hosts;
    await sleep(200);
  }
}

async function overSsh(host, privateKey, command) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await once(host, privateKey, command);
    } catch (error) {
      if (error.exitCode !== undefined || Date.now() > deadline) throw error;
      await sleep(250); // it still boots
    }
  }
}

function once(host, privateKey, command) {
  return new Promise((resolve, reject) => {
    const connection = new ssh2.Client();
    const fail = (error) => {
      connection.end();
      reject(error);
    };
    connection.on('error', fail).on('ready', () =>
      connection.exec(command, (error, stream) => {
        if (error) return fail(error);
        let output = '';
        stream.on('data', () => undefined);
        stream.stderr.on('data', (text) => (output += text));
        stream.on('close', (exitCode) => {
          if (exitCode !== 0) return fail(Object.assign(new Error(output), { exitCode }));
          connection.end();
          resolve();
        });
      }),
    );
    connection.connect({ host, username: 'admin', privateKey, readyTimeout: 5000 });
  });
}
