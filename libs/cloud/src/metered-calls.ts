import type { CallBudget, CallPriority, RateBucket } from '@cloudhero/domain';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { CloudAccount } from './cloud-driver';

const stated = new AsyncLocalStorage<CallPriority>();

/** Every call that `work` makes has this priority, whatever its kind would give it. */
export function withPriority<T>(priority: CallPriority, work: () => T): T {
  return stated.run(priority, work);
}

/** What a call's kind has to take before it is made. */
export interface CallCost {
  buckets: readonly { bucket: RateBucket; cost: number }[];
  priority: CallPriority;
}

/** One credential's view of the budget, asked at the transport before each call. */
export class MeteredCalls {
  private readonly credential: string;

  constructor(
    account: CloudAccount,
    private readonly budget: CallBudget,
  ) {
    this.credential = credentialId(account);
  }

  /** @throws CloudHeroError throttled: the call must not be made now. */
  async take({ buckets, priority }: CallCost): Promise<void> {
    for (const { bucket, cost } of buckets)
      await this.budget.take(this.credential, bucket, stated.getStore() ?? priority, cost);
  }

  slowDown(bucket: RateBucket, retryAfterMs?: number): Promise<void> {
    return this.budget.slowDown(this.credential, bucket, retryAfterMs);
  }
}

/** Names the key that calls are made with: two providers with one key share its limits. */
export function credentialId({ type, endpoint = '', credentials }: CloudAccount): string {
  const key = credentials['accessKey'] ?? credentials['access_token'] ?? '';
  const text = `${type}|${endpoint}|${key}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
