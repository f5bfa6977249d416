import type { RateBucket } from '@cloudhero/domain';
import { LEAST_FACTOR, ONE_REFUSAL_MS, RECOVERY_MS } from './call-budget-script';

interface Level {
  tokens: number;
  at: number;
  factor: number;
  slowAt: number;
  blocked: number;
}

/** More credentials than one worker serves while Redis is away. */
const MOST_LEVELS = 10_000;

/** The same rules as `BUDGET_SCRIPT`, for this process alone. The clock is passed in. */
export class LocalCallBudget {
  private readonly levels = new Map<string, Level>();

  /** @returns the milliseconds to wait; 0 when the tokens were taken. */
  take(
    key: string,
    bucket: RateBucket,
    cost: number,
    reserve: number,
    now = performance.now(),
  ): number {
    const { level, rate } = this.level(key, bucket, now);
    if (level.blocked > now) return level.blocked - now;
    const needed = Math.min(bucket.capacity, cost + reserve);
    if (level.tokens < needed) return Math.ceil((needed - level.tokens) / rate);
    level.tokens -= cost;
    return 0;
  }

  slowDown(key: string, bucket: RateBucket, waitMs: number, now = performance.now()): void {
    const { level, factor } = this.level(key, bucket, now);
    if (now - level.slowAt >= ONE_REFUSAL_MS) {
      level.factor = Math.max(LEAST_FACTOR, factor / 2);
      level.slowAt = now;
    }
    level.tokens = Math.min(level.tokens, 0);
    level.blocked = Math.max(level.blocked, now + waitMs);
  }

  private level(key: string, { capacity, refillPerSecond }: RateBucket, now: number) {
    let level = this.levels.get(key);
    if (!level) {
      // The oldest is most likely full again, which is what one that is not known counts as.
      if (this.levels.size >= MOST_LEVELS) this.levels.delete(first(this.levels));
      level = { tokens: capacity, at: now, factor: 1, slowAt: -RECOVERY_MS, blocked: 0 };
      this.levels.set(key, level);
    }
    const factor = Math.min(1, level.factor + (now - level.slowAt) / RECOVERY_MS);
    const rate = (refillPerSecond * factor) / 1000;
    level.tokens = Math.min(capacity, level.tokens + Math.max(0, now - level.at) * rate);
    level.at = now;
    return { level, factor, rate };
  }
}

function first(levels: Map<string, Level>): string {
  for (const key of levels.keys()) return key;
  return '';
}
