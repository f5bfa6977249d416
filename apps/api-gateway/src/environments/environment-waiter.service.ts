import {
  EventFeed,
  isDatabaseUnavailable,
  TenantEnvironmentRepository,
  type TenantEnvironment,
} from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';

const LOOK_EVERY_MS = 2000;
/** Nobody can tell now: the database is away. */
const AWAY = Symbol('away');

export interface WaitOptions {
  timeoutMs: number;
  /** Ends the waiting: the client left, or the process is to end. */
  signal: AbortSignal;
}

/** Waits until an environment's rows say something. */
@Injectable()
export class EnvironmentWaiter {
  constructor(
    private readonly environments: TenantEnvironmentRepository,
    private readonly feed: EventFeed,
  ) {}

  /**
   * Sits a database that is away out, for as long as its own time lasts.
   * @returns what `look` found, or null when time was up, or the signal came, or it is not there.
   */
  async until<T>(
    organisationId: string,
    id: string,
    look: (found: TenantEnvironment) => T | null,
    { timeoutMs, signal }: WaitOptions,
  ): Promise<T | null> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const listening = new AbortController();
      const left = Math.max(0, end - Date.now());
      // Listens before it looks, so that nothing falls between.
      const next = this.feed.next(
        id,
        Math.min(LOOK_EVERY_MS, left),
        AbortSignal.any([signal, listening.signal]),
      );
      try {
        const found = await this.find(organisationId, id);
        const result = found === AWAY ? null : found && look(found);
        if (result !== null || !found) return result;
        if (left === 0 || signal.aborted) return null;
        await next;
      } finally {
        listening.abort();
      }
    }
  }

  private find(
    organisationId: string,
    id: string,
  ): Promise<TenantEnvironment | typeof AWAY | null> {
    return this.environments
      .find(organisationId, id, { withGone: true })
      .catch((error: unknown) => {
        if (isDatabaseUnavailable(error)) return AWAY;
        throw error;
      });
  }
}
