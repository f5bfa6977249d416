import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeSandbox } from './docker.mjs';
import { STATE_DIR } from './paths.mjs';
import { capture } from './run.mjs';
import { stopStack } from './stack.mjs';

/** One file for each temporary stack, so that what a killed run left is cleaned by the next one. */
const REGISTER = join(STATE_DIR, 'temporary');

/** A folder and a sandbox name of its own for a stack that does not outlive this process. */
export function temporaryStack() {
  const name = `cht-${randomBytes(3).toString('hex')}`;
  const dir = mkdtempSync(join(tmpdir(), `${name}-`));
  mkdirSync(REGISTER, { recursive: true });
  writeFileSync(join(REGISTER, name), JSON.stringify({ name, dir, pid: process.pid }));
  return { name, dir };
}

/** Stops a temporary stack and removes everything that it made. */
export async function removeTemporary({ name, dir }) {
  if (existsSync(dir)) await stopStack({ dir });
  // Where it was given a small disk of its own to fill.
  await capture('umount', ['-q', dir]).catch(() => undefined);
  await removeSandbox(name);
  rmSync(dir, { recursive: true, force: true });
  rmSync(join(REGISTER, name), { force: true });
}

/** Removes what runs that were killed have left. */
export async function sweepTemporary() {
  if (!existsSync(REGISTER)) return;
  for (const file of readdirSync(REGISTER)) {
    const entry = JSON.parse(readFileSync(join(REGISTER, file), 'utf8'));
    if (!isAlive(entry.pid)) await removeTemporary(entry);
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs `work` with a temporary stack's folder; cleans up whatever happens, signals included. */
export async function withTemporary(work) {
  const entry = temporaryStack();
  let cleaning;
  const cleanUp = () => (cleaning ??= removeTemporary(entry));
  const interrupted = (signal) => {
    console.error(`\n${signal}: cleaning up`);
    void cleanUp().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupted);
  try {
    return await work(entry);
  } finally {
    await cleanUp();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupted);
  }
}

/**
 * Puts a temporary stack's folder on a disk of its own, which a test may fill.
 * @returns {Promise<boolean>} false where this user may not mount one
 */
export async function onSmallDisk({ dir }, megabytes) {
  const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'none', dir];
  const { code } = await capture('mount', args).catch(() => ({ code: 1 }));
  return code === 0;
}
