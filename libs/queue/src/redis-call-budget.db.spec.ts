import { CloudHeroError } from '@cloudhero/domain';
import { RedisCallBudget } from './redis-call-budget';
import { OwnRedis } from './testing/own-redis';
import { waitFor } from './testing/wait-for';

const describeWithRedis = OwnRedis.installed ? describe : describe.skip;

/** So slow that nothing flows back while a spec runs. */
const bucket = (name: string) => ({ name, capacity: 10, refillPerSecond: 0.1 });

describeWithRedis('the budget that workers share', () => {
  let redis: OwnRedis;
  let one: RedisCallBudget;
  let two: RedisCallBudget;

  beforeAll(async () => {
    redis = await OwnRedis.start();
  });
  beforeEach(async () => {
    one = new RedisCallBudget({ url: redis.url, prefix: 'spec' });
    two = new RedisCallBudget({ url: redis.url, prefix: 'spec' });
    await connected();
  });
  afterEach(() => {
    one.close();
    two.close();
  });
  afterAll(() => redis.stop());

  /** Until both say the same, which they do not while one counts by itself. */
  const connected = () =>
    waitFor('both workers to share', async () => {
      const probe = bucket(`probe ${String(Math.random())}`);
      await one.take('probe', probe, 'delete', 10);
      return refusal(two.take('probe', probe, 'delete', 1)).then(
        () => true,
        () => false,
      );
    });

  async function refusal(work: Promise<void>): Promise<CloudHeroError> {
    const error: unknown = await work.then(
      () => new Error('it was let through'),
      (thrown: unknown) => thrown,
    );
    if (error instanceof CloudHeroError) return error;
    throw error;
  }

  it('is one for all of them', async () => {
    const shared = bucket('shared');
    for (let call = 0; call < 5; call += 1) {
      await one.take('key', shared, 'delete');
      await two.take('key', shared, 'delete');
    }
    const { code, options } = await refusal(two.take('key', shared, 'delete'));
    expect(code).toBe('throttled');
    expect(options.retryAfterMs).toBeGreaterThan(5000);
    expect(options.retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  it('stops polls first, then launches, and deletes last', async () => {
    const shared = bucket('priorities');
    for (let call = 0; call < 6; call += 1) await one.take('key', shared, 'poll');
    await refusal(two.take('key', shared, 'poll'));
    for (let call = 0; call < 3; call += 1) await one.take('key', shared, 'launch');
    await refusal(two.take('key', shared, 'launch'));
    await two.take('key', shared, 'delete');
    await refusal(one.take('key', shared, 'delete'));
  });

  it('makes everybody wait when the cloud has told one of them to, but no other account', async () => {
    const shared = bucket('told');
    await one.slowDown('busy', shared, 60_000);
    const { options } = await refusal(two.take('busy', shared, 'delete'));
    expect(options.retryAfterMs).toBeGreaterThan(55_000);
    await two.take('quiet', shared, 'poll', 6);
  });

  it('waits in place where that is a matter of a moment', async () => {
    const quick = { name: 'quick', capacity: 1, refillPerSecond: 2 };
    const began = Date.now();
    await one.take('key', quick, 'delete');
    await two.take('key', quick, 'delete');
    expect(Date.now() - began).toBeGreaterThan(400);
  });

  it('leaves nothing in Redis for ever, and no credential in its keys', async () => {
    await one.take('a secret', bucket('expiring'), 'delete');
    const keys = (await redis.command('KEYS', '*budget*expiring')) as string[];
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toContain('a secret');
    expect(await redis.command('PTTL', keys[0] ?? '')).toBeGreaterThan(0);
  });

  it.each<[string, () => unknown, () => unknown]>([
    ['is gone', () => redis.stop(), () => redis.start()],
    ['is full', () => redis.fill(), () => redis.empty()],
    ['does not answer', () => redis.freeze(), () => redis.thaw()],
  ])('goes on by the same rules when Redis %s', async (how, away, back) => {
    const shared = bucket(`away ${how}`);
    await away();
    for (let call = 0; call < 6; call += 1) await one.take('key', shared, 'poll');
    await refusal(one.take('key', shared, 'poll'));
    await one.take('key', shared, 'delete', 4);
    await refusal(one.take('key', shared, 'delete'));
    await back();
    await connected();
  });
});
