import { request } from 'node:http';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { STATE_DIR } from './paths.mjs';
import { lastLines, pidOf, spawnDetached, stopProcess } from './processes.mjs';
import { capture, run, which } from './run.mjs';
import { say, UserError } from './say.mjs';
import { privilege } from './system-packages.mjs';

const DAEMON = 'dockerd';
const LABEL = 'cloudhero.sandbox';
const OUR_IMAGES = ['cloudhero-machine', 'cloudhero-machine-base', 'cloudhero-node-base'];

export const dockerHost = () => process.env.DOCKER_HOST || 'unix:///var/run/docker.sock';

/** Whether the engine answers; an error code (`EACCES`, `ENOENT`, …) where it does not. */
function ping() {
  const url = new URL(dockerHost());
  const target =
    url.protocol === 'unix:'
      ? { socketPath: url.pathname }
      : { host: url.hostname, port: url.port || 2375 };
  return new Promise((resolve) => {
    const asked = request({ ...target, path: '/_ping', timeout: 5000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? true : `status ${answer.statusCode}`);
    });
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', (error) => resolve(error.code ?? error.message));
    asked.end();
  });
}

/** Starts the engine where it is installed and not running. */
export async function ensureEngine() {
  const answer = await ping();
  if (answer === true) return;
  if (answer === 'EACCES')
    throw new UserError(
      'The Docker engine runs, but this user may not talk to it. Run this, log in again, and retry:\n' +
        '  sudo usermod -aG docker "$USER"',
    );
  if (process.env.DOCKER_HOST)
    throw new UserError(`No Docker engine answers at DOCKER_HOST ${dockerHost()} (${answer}).`);
  const [command, ...prefix] = [...(await privilege()), which('dockerd') ?? 'dockerd'];
  if (existsSync('/run/systemd/system')) {
    say('   starting the Docker engine (systemctl start docker)');
    const [systemctl, ...args] = [...(await privilege()), 'systemctl', 'start', 'docker'];
    await run(systemctl, args);
  } else {
    say('   starting the Docker engine (dockerd, log in .cloudhero/logs/dockerd.log)');
    spawnDetached(STATE_DIR, DAEMON, command, prefix, { cwd: '/' });
  }
  const deadline = Date.now() + 60_000;
  while ((await ping()) !== true) {
    const died = !existsSync('/run/systemd/system') && pidOf(STATE_DIR, DAEMON) === undefined;
    if (died || Date.now() > deadline)
      throw new UserError(`The Docker engine does not start:\n${lastLines(STATE_DIR, DAEMON)}`);
    await sleep(200);
  }
}

/** Stops the engine if we started it and nothing else runs in it. Returns whether it did. */
export async function stopOwnEngine() {
  if (pidOf(STATE_DIR, DAEMON) === undefined) return false;
  const others = await list('ps', ['-q']);
  if (others.length > 0) return false;
  return stopProcess(STATE_DIR, DAEMON);
}

async function list(...words) {
  const { stdout } = await capture('docker', words.flat());
  return stdout.split('\n').filter(Boolean);
}

/**
 * Removes every container, volume and network of a sandbox, running or not.
 * @returns how many of them there were
 */
export async function removeSandbox(name) {
  if (!which('docker') || (await ping()) !== true) return 0;
  const filter = ['--filter', `label=${LABEL}=${name}`];
  const containers = await list('ps', ['-aq', ...filter]);
  if (containers.length > 0) await capture('docker', ['rm', '-f', '-v', ...containers]);
  const volumes = await list('volume', ['ls', '-q', ...filter]);
  if (volumes.length > 0) await capture('docker', ['volume', 'rm', '-f', ...volumes]);
  const networks = await list('network', ['ls', '-q', ...filter]);
  if (networks.length > 0) await capture('docker', ['network', 'rm', ...networks]);
  return containers.length + volumes.length + networks.length;
}

/** How many machines of a sandbox run. */
export async function runningMachines(name) {
  return (await list('ps', ['-q', '--filter', `label=${LABEL}=${name}`])).length;
}

/** Whether any sandbox is up on this engine, with machines or without. */
export async function hasSandboxes() {
  const filter = ['-q', '--filter', `label=${LABEL}`];
  const found = await Promise.all([
    list('ps', ['-a', ...filter]),
    list('network', ['ls', ...filter]),
  ]);
  return found.some(({ length }) => length > 0);
}

/** Removes the images that machines and checks are made from; they are built again when needed. */
export async function removeImages() {
  for (const repository of OUR_IMAGES)
    for (const image of await list('images', [repository, '--format', '{{.Repository}}:{{.Tag}}']))
      await capture('docker', ['rmi', '-f', image]);
}
