import type { WakeKind } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import type { EnvironmentRunner } from './environments/environment-runner';
import type { ScopeLooksService } from './observing/scope-looks.service';

/** Jobs of this process at once, while there are no queues: more than one account may hold. */
const AT_ONCE = 100;

/**
 * Does work in this process that would have been queued, while Redis is away or takes nothing: rows
 * say what is due, so that queues are only the faster way.
 */
export class LocalWork {
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly environments: EnvironmentRunner,
    private readonly looks: ScopeLooksService,
    private readonly logger: Logger,
  ) {}

  /** Begins what is not being done already and has room; the rest is due at the next sweep as well. */
  async run(kind: WakeKind, due: readonly { id: string }[]): Promise<void> {
    if (due.length === 0) return;
    this.logger.warn({ kind, due: due.length }, 'Redis takes no work, so it is done here');
    for (const { id } of due) {
      const key = `${kind}:${id}`;
      if (this.running.has(key)) continue;
      while (this.running.size >= AT_ONCE) await Promise.race(this.running.values());
      this.running.set(key, this.begin(kind, id, key));
    }
  }

  private async begin(kind: WakeKind, id: string, key: string): Promise<void> {
    try {
      if (kind === 'environment') await this.environments.run(id);
      else if (kind === 'scope') await this.looks.look(id);
    } catch (error) {
      this.logger.warn({ kind, id, error }, 'work without a queue failed');
    } finally {
      this.running.delete(key);
    }
  }
}
