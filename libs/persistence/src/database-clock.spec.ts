import { DatabaseClock } from './database-clock';

it('says what Postgres says, whatever the clock of this machine does', async () => {
  const clock = new DatabaseClock(() => Promise.resolve(1_000_000));
  await clock.start();
  clock.stop();
  jest.spyOn(Date, 'now').mockReturnValue(5);
  expect(clock.now()).toBeGreaterThanOrEqual(1_000_000);
  expect(clock.now()).toBeLessThan(1_001_000);
});

it('tells that Postgres does not answer when it is started', async () => {
  const clock = new DatabaseClock(() => Promise.reject(new Error('away')));
  await expect(clock.start()).rejects.toThrow('away');
});

it('does not believe an answer that took long: the process may have been paused meanwhile', async () => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  const now = jest.spyOn(performance, 'now').mockReturnValue(0);
  const times = [1_000_000, 1_030_000];
  const clock = new DatabaseClock(() => {
    if (times.length === 1) now.mockReturnValue(330_000);
    return Promise.resolve(times.shift() ?? 0);
  });
  await clock.start();
  now.mockReturnValue(30_000);
  await jest.advanceTimersByTimeAsync(30_000);
  clock.stop();
  jest.useRealTimers();
  // Half of the pause would be missing, had it been believed.
  expect([times.length, clock.now()]).toEqual([0, 1_330_000]);
});
