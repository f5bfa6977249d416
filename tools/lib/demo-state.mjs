import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_DIR } from './paths.mjs';

/** What the demo leaves for scripts, and finds again when it is run once more. */
export const DEMO_FILE = join(STATE_DIR, 'demo.json');

export function readDemo() {
  return existsSync(DEMO_FILE) ? JSON.parse(readFileSync(DEMO_FILE, 'utf8')) : {};
}

export function saveDemo(state) {
  writeFileSync(DEMO_FILE, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}
