import { Injectable } from '@nestjs/common';
import { ApiError } from './api.error';

interface Bucket {
  tokens: number;
  at: number;
}

/** How many at once, and how many a minute after that. */
export interface Rate {
  burst: number;
  perMinute: number;
}

/** Above this many buckets, those that have filled up again are dropped. */
const MOST_BUCKETS = 20_000;

/** Token buckets by name, in memory: each process of the API has its own. */
@Injectable()
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** Takes one token. @throws ApiError 429 with `Retry-After` when there is none. */
  take(name: string, rate: Rate, now = Date.now()): void {
    this.check(name, rate, now);
    const bucket = this.fill(name, rate, now);
    bucket.tokens -= 1;
    this.buckets.set(name, bucket);
    if (this.buckets.size > MOST_BUCKETS) this.dropFull(rate, now);
  }

  /** As `take`, but takes nothing. */
  check(name: string, rate: Rate, now = Date.now()): void {
    const { tokens } = this.fill(name, rate, now);
    if (tokens >= 1) return;
    const seconds = Math.max(1, Math.ceil(((1 - tokens) / rate.perMinute) * 60));
    const message = `Too many requests. Try again in ${seconds} s.`;
    throw new ApiError(429, [{ code: 'rate_limited', message }], {
      headers: { 'Retry-After': String(seconds) },
    });
  }

  private fill(name: string, { burst, perMinute }: Rate, now: number): Bucket {
    const known = this.buckets.get(name);
    if (!known) return { tokens: burst, at: now };
    const tokens = known.tokens + ((now - known.at) / 60_000) * perMinute;
    return { tokens: Math.min(burst, tokens), at: now };
  }

  private dropFull(rate: Rate, now: number) {
    const oldest = now - (rate.burst / rate.perMinute) * 60_000;
    for (const [name, { at }] of this.buckets) if (at < oldest) this.buckets.delete(name);
  }
}
