import type { NodePatch } from '@cloudhero/persistence';

/** What follows a step: the next one at once, or waiting so many milliseconds. */
export type StepResult = 'again' | { waitMs: number };

/** What a step that went well leaves behind of earlier failures. */
export const NO_ERROR = {
  attempts: 0,
  lastErrorCode: null,
  lastErrorMessage: null,
} as const satisfies NodePatch;

/** How often a ready node is looked at, more or less; less often where there are very many. */
export const CHECK_EVERY_MS = 25_000;

/** What is written down of a node that is ready at `now`. */
export function asReady(now: number) {
  const jitter = 0.8 + 0.4 * Math.random();
  return {
    ...NO_ERROR,
    phase: 'ready',
    readyAt: new Date(now),
    nextCheckAt: new Date(now + CHECK_EVERY_MS * jitter),
  } as const satisfies NodePatch;
}
