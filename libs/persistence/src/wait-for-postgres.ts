import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from './database-errors';

/** A database that is started together with us needs seconds; one that is repaired, longer. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

export interface PatienceOptions {
  patienceMs?: number;
  /** Told once, when the first attempt fails. */
  onWait?: ((error: unknown) => void) | undefined;
}

/**
 * Does `work`, which may be done again, as soon as Postgres lets it: a process may be started while
 * Postgres is away.
 * @throws what it threw last when Postgres is away for too long, and anything else at once: a wrong
 * password does not mend itself
 */
export async function waitForPostgres<T>(
  work: () => Promise<T>,
  { patienceMs = PATIENCE_MS, onWait }: PatienceOptions = {},
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (let first = true; ; first = false) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > end) throw error;
      if (first) onWait?.(error);
      await sleep(PAUSE_MS);
    }
  }
}
