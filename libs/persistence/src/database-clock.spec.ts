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
