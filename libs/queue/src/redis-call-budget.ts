import {
  type CallBudget,
  type CallPriority,
  CloudHeroError,
  type RateBucket,
} from '@cloudhero/domain';
import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUDGET_SCRIPT, reserveOf } from './call-budget-script';
import { connect, type QueueOptions } from './connection';
import { LocalCallBudget } from './local-call-budget';

/** Longer than this nobody waits in place: the caller has other work, and comes back. */
const PATIENCE_MS = 4000;
/** A budget that is asked before each call must not be what calls wait for. */
const ANSWER_MS = 500;

type Scripted = Redis & {
  callBudget(key: string, ...args: (string | number)[]): Promise<number>;
};

/**
 * The rate budget of every credential, in Redis, shared by all workers. While Redis is away, or too
 * full to write, each worker keeps to the same rules by itself, so that nothing stops.
 */
export class RedisCallBudget implements CallBudget {
  private readonly redis: Scripted;
  private readonly local = new LocalCallBudget();

  constructor(private readonly options: QueueOptions) {
    this.redis = connect(options, { failFast: true, answerMs: ANSWER_MS }) as Scripted;
    this.redis.defineCommand('callBudget', { numberOfKeys: 1, lua: BUDGET_SCRIPT });
  }

  /** `credential` may be a secret: only a digest of it leaves this process. */
  async take(
    credential: string,
    bucket: RateBucket,
    priority: CallPriority,
    cost = 1,
  ): Promise<void> {
    const key = this.key(credential, bucket);
    const reserve = reserveOf(bucket, priority);
    for (let waited = 0; ;) {
      const wait = await this.ask(key, bucket, ['take', cost, reserve], () =>
        this.local.take(key, bucket, cost, reserve),
      );
      if (wait === 0) return;
      waited += wait;
      if (waited > PATIENCE_MS) {
        const message = 'The cloud allows this account no more calls for the moment.';
        throw new CloudHeroError('throttled', message, { retryAfterMs: wait });
      }
      await sleep(wait);
    }
  }

  async slowDown(credential: string, bucket: RateBucket, retryAfterMs = 0): Promise<void> {
    const key = this.key(credential, bucket);
    // Here too, or it would be forgotten when Redis goes away.
    this.local.slowDown(key, bucket, retryAfterMs);
    await this.ask(key, bucket, ['slow', retryAfterMs], () => 0);
  }

  private async ask(
    key: string,
    { capacity, refillPerSecond }: RateBucket,
    args: (string | number)[],
    otherwise: () => number,
  ): Promise<number> {
    if (this.redis.status !== 'ready') return otherwise();
    try {
      return await this.redis.callBudget(key, capacity, refillPerSecond, ...args);
    } catch {
      return otherwise();
    }
  }

  private key(credential: string, { name }: RateBucket): string {
    const digest = createHash('sha256').update(credential).digest('base64url').slice(0, 22);
    return `${this.options.prefix}:budget:${digest}:${name}`;
  }

  close(): void {
    this.redis.disconnect();
  }
}
