import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from './client';
import { stack } from './stack';

const run = promisify(execFile);

/** A small image with busybox's commands. */
export const IMAGE = 'cloudhero/busybox:demo';

/** The image as a file for `docker load`, made once a run; `cmd` is what its containers run. */
export async function imageFile(name = IMAGE, cmd: string[] = ['sh']): Promise<string> {
  const file = join(stack.dir, `${name.replace(/\W/g, '-')}.tar`);
  if (existsSync(file)) return file;
  const tool = join(stack.root, 'tools', 'make-image.mjs');
  await run(process.execPath, [tool, file, name, ...cmd], { timeout: 180_000 });
  return file;
}

/** Puts an image on every node of a cluster through its one address. */
export async function loadImage(
  client: Client,
  environment: string,
  name = IMAGE,
  cmd?: string[],
): Promise<void> {
  const body = readFileSync(await imageFile(name, cmd));
  await client.must('POST', `/swarm/${environment}/images/load?quiet=1`, {
    body,
    headers: { 'content-type': 'application/x-tar' },
  });
}
