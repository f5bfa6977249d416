/** What a call is for, the most urgent first: deleting saves the customer's money, looking can wait. */
export type CallPriority = 'delete' | 'launch' | 'poll';

/** A rate limit of a cloud, as a token bucket. */
export interface RateBucket {
  /** Unique for one credential: calls of one name share the bucket. */
  name: string;
  capacity: number;
  refillPerSecond: number;
}

/**
 * The rate budget of credentials, shared by every worker that uses them. One credential's budget
 * says nothing of another's.
 */
export interface CallBudget {
  /**
   * Takes `cost` tokens before a call is made. Low priorities leave a reserve to the higher ones.
   * Waits where that is a matter of a moment. @throws CloudHeroError `throttled` with `retryAfterMs`.
   */
  take(
    credential: string,
    bucket: RateBucket,
    priority: CallPriority,
    cost?: number,
  ): Promise<void>;
  /** The cloud has refused for the rate: everybody goes slower, and nothing before `retryAfterMs`. */
  slowDown(credential: string, bucket: RateBucket, retryAfterMs?: number): Promise<void>;
}

/** No limit but the cloud's own. */
export const UNLIMITED: CallBudget = {
  take: () => Promise.resolve(),
  slowDown: () => Promise.resolve(),
};
