import type { CheckupRepository } from '@cloudhero/persistence';
import { Sweeper } from '@cloudhero/queue';
import { CHECK_EVERY_MS } from '../reconcile/step';
import type { CheckupService } from './checkup.service';

const ROUND_MS = 1000;
/** So many seconds' worth may be under way at once: one that does not answer takes that long. */
const SECONDS_AT_ONCE = 4;

/**
 * Looks at the nodes whose time has come, so many a second and no more: where there are more of
 * them, each is looked at less often, and installations have the machine.
 */
export class CheckupRound {
  private readonly underWay = new Set<Promise<void>>();
  private readonly sweeper: Sweeper;
  /** What may be claimed now; fractions of one add up from round to round. */
  private allowed = 0;

  constructor(
    private readonly checkups: Pick<CheckupRepository, 'claim'>,
    private readonly service: Pick<CheckupService, 'run'>,
    private readonly perSecond: number,
    private readonly onError: (error: unknown) => void,
  ) {
    this.sweeper = new Sweeper(ROUND_MS, () => this.round(), onError);
  }

  start(): void {
    if (this.perSecond > 0) this.sweeper.start();
  }

  /** Resolves when nothing is under way any more; looks are cut short by the process's own signal. */
  async stop(): Promise<void> {
    await this.sweeper.stop();
    await Promise.all(this.underWay);
  }

  async round(): Promise<void> {
    this.allowed = Math.min(this.allowed + this.perSecond, Math.max(this.perSecond, 1));
    const most = Math.max(1, Math.round(this.perSecond * SECONDS_AT_ONCE)) - this.underWay.size;
    const limit = Math.min(Math.floor(this.allowed), most);
    if (limit < 1) return;
    const ids = await this.checkups.claim(limit, CHECK_EVERY_MS);
    this.allowed -= ids.length;
    for (const id of ids) {
      const look: Promise<void> = this.service
        .run(id)
        .catch(this.onError)
        .finally(() => this.underWay.delete(look));
      this.underWay.add(look);
    }
  }
}
