export interface BucketSize {
  capacity: number;
  refillPerSecond: number;
}

/** A token bucket; the clock, in milliseconds, is passed in. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly size: BucketSize,
    private at: number,
  ) {
    this.tokens = size.capacity;
  }

  /** Takes `count` tokens where there are that many. */
  take(count: number, now: number): boolean {
    const gained = ((now - this.at) / 1000) * this.size.refillPerSecond;
    this.tokens = Math.min(this.size.capacity, this.tokens + gained);
    this.at = now;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
