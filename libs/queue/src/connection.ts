import { Redis } from 'ioredis';

export interface QueueOptions {
  /** `redis://…` */
  url: string;
  /** Prefix of every key in Redis. */
  prefix: string;
}

/**
 * A connection for BullMQ. Workers wait for Redis for ever; producers (`failFast`) give up after a
 * moment, because a wake-up that is not sent is made good by the sweeper.
 */
export function connect({ url }: QueueOptions, { failFast = false } = {}): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: failFast ? 1 : null,
    enableOfflineQueue: !failFast,
    connectTimeout: 5000,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  // BullMQ reports errors through its own objects; an unheard 'error' would end the process.
  redis.on('error', () => undefined);
  return redis;
}
