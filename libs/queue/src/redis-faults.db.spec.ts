import { setTimeout as sleep } from 'node:timers/promises';
import { WAKE_QUEUES } from './contracts';
import { OwnRedis } from './testing/own-redis';
import { waitFor } from './testing/wait-for';
import { startWakeWorker, type WakeWorker } from './testing/wake-worker';
import { Waker } from './waker';

const describeWithRedis = OwnRedis.installed ? describe : describe.skip;
const ids = Array.from({ length: 10 }, (_, index) => `row${String(index)}`);

describeWithRedis('a Redis that has trouble', () => {
  let redis: OwnRedis;
  let waker: Waker;
  let worker: WakeWorker;

  async function start(work?: (id: string) => Promise<void>, concurrency = 3) {
    worker = await startWakeWorker(redis.url, work, concurrency);
    await waitFor('Redis', () => waker.isReady());
  }
  const readiness = () => Promise.all([waker.isReady(), worker.server.isReady()]);

  beforeEach(async () => {
    redis = await OwnRedis.start();
    waker = new Waker({ url: redis.url, prefix: 'spec' });
  });
  afterEach(async () => {
    await Promise.all([waker.close(), worker.server.close()]);
    await redis.stop();
  });

  it.each<[string, () => unknown, () => unknown]>([
    ['is gone', () => redis.stop(), () => redis.start()],
    ['is full', () => redis.fill(), () => redis.empty()],
    ['does not answer', () => redis.freeze(), () => redis.thaw()],
    [
      'is a replica',
      () => redis.command('REPLICAOF', '127.0.0.1', '1'),
      () => redis.command('REPLICAOF', 'NO', 'ONE'),
    ],
  ])(
    'and %s makes nobody ready, loses wakes without a throw, and is used again',
    async (...[, away, back]) => {
      await start();
      expect(await readiness()).toEqual([true, true]);
      await away();
      const began = Date.now();
      expect(await readiness()).toEqual([false, false]);
      expect(await waker.wakeAll('environment', ids)).toBe(false);
      expect(Date.now() - began).toBeLessThan(5000);
      await back();
      await waitFor('both to be ready', async () => (await readiness()).every(Boolean));
      await waitFor('a wake to be taken', () => waker.wake('environment', 'after'));
      await waitFor('it to be served', () => worker.served.includes('after'));
    },
  );

  it('and is full is not asked again and again at full speed', async () => {
    await start(() => sleep(50));
    await waker.wakeAll('environment', ids);
    await redis.fill();
    await sleep(1500);
    expect(worker.errors.length).toBeLessThan(20);
    await redis.empty();
    await waitFor(
      'every row to be served',
      () => ids.every((id) => worker.served.includes(id)),
      30_000,
    );
  }, 40_000);

  it('and is away keeps nobody from ending', async () => {
    await start(() => sleep(300));
    await waker.wake('environment', 'row');
    await waitFor('the row to run', () => worker.served.length === 1);
    await redis.stop();
    const began = Date.now();
    await Promise.all([worker.server.close(), waker.close()]);
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('does not lose what waits when the worker ends, nor cut off what runs', async () => {
    let finished = 0;
    await start(async () => {
      await sleep(500);
      finished += 1;
    }, 2);
    await waker.wakeAll('environment', ids);
    await waitFor('two rows to run', () => worker.served.length === 2);
    await worker.server.close();
    expect([finished, worker.served.length]).toEqual([2, 2]);
    const other = await startWakeWorker(redis.url, undefined, 2);
    await waitFor('the rest to run', () => other.served.length === 8);
    await other.server.close();
  });

  it('lets a worker that lost its lock, as one that was paused, end its job and take the next', async () => {
    await start(() => sleep(400), 1);
    await waker.wake('environment', 'paused');
    await waitFor('the row to run', () => worker.served.length === 1);
    const key = `spec:${WAKE_QUEUES.environment}`;
    const [job] = (await redis.command('LRANGE', `${key}:active`, '0', '-1')) as string[];
    await redis.command('SET', `${key}:${job ?? ''}:lock`, 'somebody else');
    await waker.wake('environment', 'next');
    await waitFor('the next to run', () => worker.served.includes('next'));
    expect(worker.errors.map(({ message }) => message).join()).toMatch(/lock/i);
  });
});
