import type { NodePatch } from '@cloudhero/persistence';

/** What follows a step: the next one at once, or waiting so many milliseconds. */
export type StepResult = 'again' | { waitMs: number };

/** What a step that went well leaves behind of earlier failures. */
export const NO_ERROR = {
  attempts: 0,
  lastErrorCode: null,
  lastErrorMessage: null,
} as const satisfies NodePatch;
