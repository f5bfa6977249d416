import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The checkout that these tools belong to. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

/** Where everything lives that a checkout makes when it runs. */
export const STATE_DIR = join(ROOT, '.cloudhero');

/** Short and the same for the same folder, so that two checkouts on one machine stay apart. */
export function folderId(dir) {
  return createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 8);
}
