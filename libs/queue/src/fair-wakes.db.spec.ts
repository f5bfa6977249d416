import { setTimeout as sleep } from 'node:timers/promises';
import { OwnRedis } from './testing/own-redis';
import { waitFor } from './testing/wait-for';
import { startWakeWorker, type WakeWorker } from './testing/wake-worker';
import { Waker } from './waker';

const describeWithRedis = OwnRedis.installed ? describe : describe.skip;

describeWithRedis('wakes of many tenants', () => {
  let redis: OwnRedis;
  let waker: Waker;
  let worker: WakeWorker | undefined;

  beforeAll(async () => {
    redis = await OwnRedis.start();
  });
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    waker = new Waker({ url: redis.url, prefix: 'spec' });
    await waitFor('Redis', () => waker.isReady());
  });
  afterEach(async () => {
    await waker.close();
    await worker?.server.close();
    worker = undefined;
  });
  afterAll(() => redis.stop());

  const many = (tenant: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `${tenant}${String(index)}`, tenant }));

  it('serve a quiet tenant next, though a busy one has a thousand waiting', async () => {
    expect(await waker.wakeAll('environment', many('busy', 1000))).toBe(true);
    expect(await waker.wake('environment', 'quiet', 'somebody quiet')).toBe(true);
    worker = await startWakeWorker(redis.url);
    const { served } = worker;
    await waitFor('the quiet tenant to be served', () => served.includes('quiet'));
    expect(served.indexOf('quiet')).toBeLessThan(3);
    await waitFor('everybody to be served', () => served.length === 1001, 30_000);
    expect(new Set(served).size).toBe(1001);
  });

  it('take turns', async () => {
    await waker.wakeAll('environment', [...many('a', 20), ...many('b', 20), ...many('c', 20)]);
    worker = await startWakeWorker(redis.url);
    const { served } = worker;
    await waitFor('everybody to be served', () => served.length === 60);
    for (let turn = 0; turn < 60; turn += 3) {
      const tenants = served.slice(turn, turn + 3).map((id) => id.charAt(0));
      expect(tenants.sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it('run one row once more, and only once, when it is woken while it runs', async () => {
    let running = 0;
    let most = 0;
    worker = await startWakeWorker(
      redis.url,
      async () => {
        most = Math.max(most, (running += 1));
        await sleep(300);
        running -= 1;
      },
      5,
    );
    const { served } = worker;
    await waker.wake('environment', 'row', 'tenant');
    await waitFor('the row to run', () => served.length === 1);
    for (let wake = 0; wake < 5; wake += 1) await waker.wake('environment', 'row', 'tenant');
    await waitFor('the row to run again', () => served.length === 2);
    await sleep(700);
    expect([served, most]).toEqual([['row', 'row'], 1]);
  });

  it('are one wake when a row is woken again before its turn', async () => {
    for (let wake = 0; wake < 5; wake += 1) await waker.wake('environment', 'row', 'tenant');
    worker = await startWakeWorker(redis.url);
    const { served } = worker;
    await waitFor('the row to run', () => served.length > 0);
    await sleep(200);
    expect(served).toEqual(['row']);
  });
});
