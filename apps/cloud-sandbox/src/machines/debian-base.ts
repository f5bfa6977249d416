import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DockerEngine, jsonLines } from './docker-engine';

const OFFICIAL = 'debian:bookworm-slim';
const BOOTSTRAPPED = 'cloudhero-machine-base:bookworm';
const PULL_TIMEOUT_MS = 60_000;
const MIRROR = 'http://deb.debian.org/debian';

type Progress = (line: string) => void;

/**
 * The name of a Debian 12 image that the engine has, making it where needed: pulled where a
 * registry can be reached, else made with debootstrap (which wants root) and imported.
 */
export async function ensureDebianBase(engine: DockerEngine, progress: Progress): Promise<string> {
  for (const name of [OFFICIAL, BOOTSTRAPPED])
    if (await engine.find({ method: 'GET', path: `/images/${name}/json` })) return name;
  try {
    progress(`pulling ${OFFICIAL}`);
    await pull(engine, OFFICIAL);
    return OFFICIAL;
  } catch (error) {
    progress(`no registry to pull from (${String(error)}); making the base with debootstrap`);
  }
  await bootstrap(engine, progress);
  return BOOTSTRAPPED;
}

async function pull(engine: DockerEngine, name: string): Promise<void> {
  const [image, tag] = name.split(':');
  const signal = AbortSignal.timeout(PULL_TIMEOUT_MS);
  const path = `/images/create?fromImage=${image}&tag=${tag}`;
  const answer = await engine.open({ method: 'POST', path, signal });
  for await (const line of jsonLines<{ error?: string }>(answer))
    if (line.error) throw new Error(line.error);
}

async function bootstrap(engine: DockerEngine, progress: Progress): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudhero-debian-'));
  const root = join(folder, 'root');
  try {
    await run('debootstrap', ['--variant=minbase', 'bookworm', root, MIRROR], progress);
    progress('importing the base');
    const pack = spawn('tar', ['-C', root, '--exclude=./var/cache/apt/archives/*.deb', '-c', '.']);
    const failed = new Promise<never>((_, reject) => pack.on('error', reject));
    const [repo, tag] = BOOTSTRAPPED.split(':');
    const answer = await Promise.race([
      failed,
      engine.open({
        method: 'POST',
        path: `/images/create?fromSrc=-&repo=${repo}&tag=${tag}`,
        body: pack.stdout,
        contentType: 'application/x-tar',
      }),
    ]);
    for await (const line of jsonLines<{ error?: string }>(answer))
      if (line.error) throw new Error(line.error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], progress: Progress): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let last = '';
    const note = (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split('\n').filter(Boolean))
        progress((last = line));
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new Error(`${command} is missing; install it, or give the engine ${OFFICIAL}`)
          : error,
      ),
    );
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${last}`)),
    );
  });
}
