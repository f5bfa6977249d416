import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until `probe` says yes; @throws after ten seconds, naming `what`. */
export async function waitFor(what: string, probe: () => boolean | Promise<boolean>, ms = 10_000) {
  const end = Date.now() + ms;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`waited ${String(ms)} ms in vain for ${what}`);
    await sleep(20);
  }
}
