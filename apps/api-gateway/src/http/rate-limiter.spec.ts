import { ApiError } from './api.error';
import { RateLimiter } from './rate-limiter';

const rate = { burst: 2, perMinute: 60 };

it('lets a burst through, then as many as come back in time', () => {
  const limiter = new RateLimiter();
  limiter.take('a', rate, 0);
  limiter.take('a', rate, 0);
  expect(() => limiter.take('a', rate, 0)).toThrow(ApiError);
  limiter.take('b', rate, 0);
  limiter.take('a', rate, 1000);
  expect(() => limiter.take('a', rate, 1000)).toThrow(ApiError);
});

it('says when to come back', () => {
  const limiter = new RateLimiter();
  const slow = { burst: 1, perMinute: 6 };
  limiter.take('a', slow, 0);
  try {
    limiter.check('a', slow, 2000);
    throw new Error('not limited');
  } catch (error) {
    expect((error as ApiError).options.headers).toEqual({ 'Retry-After': '8' });
  }
});
