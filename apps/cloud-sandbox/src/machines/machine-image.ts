import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDebianBase } from './debian-base';
import { type DockerEngine, jsonLines } from './docker-engine';
import { tar, type TarEntry } from './tar';

const REPOSITORY = 'cloudhero-machine';
const CONTEXT = join(__dirname, '..', '..', 'machine');

interface BuildLine {
  stream?: string;
  error?: string;
}

/** Builds the image of the machines where the engine lacks it. Its name carries a hash of its sources. */
export async function ensureMachineImage(
  engine: DockerEngine,
  progress: (line: string) => void,
): Promise<string> {
  const context = await readContext(CONTEXT);
  const name = `${REPOSITORY}:debian-12-${digest(context)}`;
  if (await engine.find({ method: 'GET', path: `/images/${name}/json` })) return name;
  const base = await ensureDebianBase(engine, progress);
  progress(`building ${name} on ${base}`);
  const query = new URLSearchParams({
    t: name,
    buildargs: JSON.stringify({ BASE: base }),
    rm: 'true',
    forcerm: 'true',
  });
  const answer = await engine.open({
    method: 'POST',
    path: `/build?${query.toString()}`,
    body: tar(context),
    contentType: 'application/x-tar',
  });
  for await (const line of jsonLines<BuildLine>(answer)) {
    if (line.error) throw new Error(`The machine image cannot be built: ${line.error.trim()}`);
    if (line.stream?.trim()) progress(line.stream.trim());
  }
  return name;
}

async function readContext(folder: string): Promise<TarEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
  );
}

function digest(context: readonly TarEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of context) hash.update(path).update('\0').update(content);
  return hash.digest('hex').slice(0, 12);
}
