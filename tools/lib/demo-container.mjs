import { logText } from './demo-client.mjs';
import { LOCAL_IMAGE, makeImage } from './demo-image.mjs';
import { dim, say } from './say.mjs';

const PUBLIC_IMAGE = 'busybox:stable';
const PULL_PATIENCE_MS = 30_000;

/** Puts a small image on the cluster and runs a container of it; returns the image's name. */
export async function runContainer(client, state) {
  const swarm = `/swarm/${state.environment}`;
  const image = await ensureImage(client, swarm, state.image);
  const json = {
    Hostname: 'hello',
    Env: ['FOO=bar'],
    Image: image,
    Cmd: ['sh', '-c', 'echo "hello from $(hostname), FOO is $FOO"; sleep 600'],
    HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '', HostIp: '' }] } },
  };
  const { Id } = await client.show('POST', `${swarm}/containers/create`, { json });
  const container = `${swarm}/containers/${Id}`;
  await client.show('POST', `${container}/start`);
  await client.show('GET', `${container}/json`);
  const { body } = await client.quiet('GET', `${container}/logs?stdout=1&stderr=1`);
  client.print('GET', `${container}/logs?stdout=1`, {});
  say(`  ${logText(body).trim()}`);
  await client.show('POST', `${container}/stop?t=1`);
  await client.show('DELETE', container);
  return image;
}

async function ensureImage(client, swarm, known) {
  for (const name of [known, PUBLIC_IMAGE, LOCAL_IMAGE].filter(Boolean)) {
    const { status } = await client.quiet('GET', `${swarm}/images/${name}/json`);
    if (status === 200) return name;
  }
  if (await pulls(client, swarm)) return PUBLIC_IMAGE;
  say(dim('   no registry can be reached: making a small image from Debian’s busybox'));
  const tar = await makeImage();
  await client.show('POST', `${swarm}/images/load?quiet=1`, {
    body: tar,
    headers: { 'content-type': 'application/x-tar' },
    note: `an image of ${tar.length} bytes, to every node`,
  });
  return LOCAL_IMAGE;
}

async function pulls(client, swarm) {
  const [name, tag] = PUBLIC_IMAGE.split(':');
  const path = `${swarm}/images/create?fromImage=${name}&tag=${tag}`;
  const signal = AbortSignal.timeout(PULL_PATIENCE_MS);
  try {
    const { status, body } = await client.quiet('POST', path, { signal });
    if (status !== 200 || body.toString('utf8').includes('"error"')) return false;
    return (await client.quiet('GET', `${swarm}/images/${PUBLIC_IMAGE}/json`)).status === 200;
  } catch {
    return false;
  }
}
