import { Redis } from 'ioredis';

export interface QueueOptions {
  /** `redis://…` */
  url: string;
  /** Prefix of every key in Redis. */
  prefix: string;
}

export interface ConnectOptions {
  /** Gives up after a moment instead of waiting for Redis for ever. */
  failFast?: boolean;
  /** With `failFast`: how long an answer may take. */
  answerMs?: number;
}

/**
 * A connection for BullMQ. Workers wait for Redis for ever; producers (`failFast`) give up after a
 * moment, because a wake-up that is not sent is made good by the sweeper.
 */
export function connect(
  { url }: QueueOptions,
  { failFast = false, answerMs = 2000 }: ConnectOptions = {},
): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: failFast ? 1 : null,
    enableOfflineQueue: !failFast,
    // A Redis that is stopped, not gone, keeps its connections and answers nothing.
    ...(failFast && { commandTimeout: answerMs }),
    connectTimeout: 5000,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  // BullMQ reports errors through its own objects; an unheard 'error' would end the process.
  redis.on('error', () => undefined);
  return redis;
}

const CHECK_MS = 2000;

/**
 * Whether Redis takes writes, for readiness: one that is loading, a replica, or out of memory
 * answers a PING all the same. Never waits for long, and never throws.
 */
export async function takesWrites(redis: Redis, { prefix }: QueueOptions): Promise<boolean> {
  if (redis.status !== 'ready') return false;
  const written = redis.set(`${prefix}:ready`, '1', 'EX', 60).then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CHECK_MS, false);
  });
  return Promise.race([written, late]).finally(() => clearTimeout(timer));
}
