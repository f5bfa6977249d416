import type { CallPriority, RateBucket } from '@cloudhero/domain';

/** What each priority leaves to the higher ones, as a share of what the bucket can hold. */
const RESERVES: Record<CallPriority, number> = { delete: 0, launch: 0.1, poll: 0.4 };
/** A share of no more than flows back in this time: an hour's bucket, once empty, would stop looks for half an hour. */
const RESERVED_SECONDS = 300;

/** Tokens that a call of this priority has to leave. */
export function reserveOf({ capacity, refillPerSecond }: RateBucket, priority: CallPriority) {
  return RESERVES[priority] * Math.min(capacity, refillPerSecond * RESERVED_SECONDS);
}

/** After a cloud's refusal, how long until calls may come at the bucket's full rate again. */
export const RECOVERY_MS = 60_000;
/** However often a cloud refuses, calls go on at this share of the rate. */
export const LEAST_FACTOR = 0.1;
/** Calls that were under way together are refused together: that is one refusal. */
export const ONE_REFUSAL_MS = 1000;

/**
 * `LocalCallBudget` in Redis, by Redis's own clock, so that workers whose clocks differ agree.
 * KEYS: the bucket. ARGV: capacity, refill per second, `take`, cost, reserve, or capacity, refill
 * per second, `slow`, milliseconds to wait. Answers the milliseconds to wait; 0 when taken.
 */
export const BUDGET_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity, refill, action = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'factor', 'slowAt', 'blocked')
local tokens, at = tonumber(kept[1]) or capacity, tonumber(kept[2]) or now
local factor, slowAt = tonumber(kept[3]) or 1, tonumber(kept[4]) or 0
local blocked = tonumber(kept[5]) or 0
-- A clock that was set back must not make anybody wait until it has caught up.
local back = math.max(0, at - now)
slowAt, blocked = slowAt - back, blocked - back
local current = math.min(1, factor + (now - slowAt) / ${RECOVERY_MS})
local rate = refill * current / 1000
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local wait = 0
if action == 'slow' then
  wait = tonumber(ARGV[4])
  if now - slowAt >= ${ONE_REFUSAL_MS} then
    factor, slowAt = math.max(${LEAST_FACTOR}, current / 2), now
  end
  tokens = math.min(tokens, 0)
  blocked = math.max(blocked, now + wait)
else
  local cost, reserve = tonumber(ARGV[4]), tonumber(ARGV[5])
  local needed = math.min(capacity, cost + reserve)
  if blocked > now then
    wait = blocked - now
  elseif tokens >= needed then
    tokens = tokens - cost
  else
    wait = math.ceil((needed - tokens) / rate)
  end
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now, 'factor', tostring(factor),
  'slowAt', slowAt, 'blocked', blocked)
local fullAfter = math.max(blocked - now, 0) + math.ceil((capacity - tokens) / refill * 1000)
redis.call('PEXPIRE', KEYS[1], fullAfter + ${RECOVERY_MS})
return wait
`;
