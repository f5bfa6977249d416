import type { RateBucket } from '@cloudhero/domain';
import type { CallCost } from '../../metered-calls';

/** @see https://docs.digitalocean.com/reference/api/digitalocean/#section/Introduction/Rate-Limit */
const MINUTE: RateBucket = { name: 'minute', capacity: 250, refillPerSecond: 250 / 60 };
const HOUR: RateBucket = { name: 'hour', capacity: 5000, refillPerSecond: 5000 / 3600 };
/** Keys can be listed ten times a minute. */
const KEY_LISTS: RateBucket = { name: 'key-lists', capacity: 10, refillPerSecond: 10 / 60 };

const isKeyList = (method: string, path: string) =>
  method === 'get' && path.split('?')[0] === '/account/keys';

/** @param path without the base address */
export function costOf(method: string, path: string): CallCost {
  const buckets = [MINUTE, HOUR, ...(isKeyList(method, path) ? [KEY_LISTS] : [])];
  const priority = method === 'get' ? 'poll' : method === 'delete' ? 'delete' : 'launch';
  return { buckets: buckets.map((bucket) => ({ bucket, cost: 1 })), priority };
}

/** The limit that a 429 was for. @param remaining what is left of the hour's, from the headers */
export function exhausted(method: string, path: string, remaining: unknown): RateBucket {
  if (isKeyList(method, path)) return KEY_LISTS;
  return remaining !== undefined && Number(remaining) === 0 ? HOUR : MINUTE;
}
