import { LocalCallBudget } from './local-call-budget';

const BUCKET = { name: 'calls', capacity: 10, refillPerSecond: 2 };

/** A budget whose clock the spec moves. */
function budget() {
  const local = new LocalCallBudget();
  return {
    take: (now: number, { key = 'a', cost = 1, reserve = 0 } = {}) =>
      local.take(key, BUCKET, cost, reserve, now),
    slowDown: (now: number, waitMs = 0) => local.slowDown('a', BUCKET, waitMs, now),
  };
}

describe('the budget of one process', () => {
  it('lets a full bucket go at once, and then as fast as it fills', () => {
    const { take } = budget();
    for (let call = 0; call < 10; call += 1) expect(take(0)).toBe(0);
    expect(take(0)).toBe(500);
    expect(take(499)).toBeGreaterThan(0);
    expect(take(500)).toBe(0);
  });

  it('keeps the reserve for calls that need not leave one', () => {
    const { take } = budget();
    for (let call = 0; call < 6; call += 1) expect(take(0, { reserve: 4 })).toBe(0);
    expect(take(0, { reserve: 4 })).toBe(500);
    for (let call = 0; call < 4; call += 1) expect(take(0)).toBe(0);
    expect(take(0)).toBe(500);
  });

  it('lets a call through that costs more than the bucket less its reserve holds', () => {
    expect(budget().take(0, { cost: 8, reserve: 4 })).toBe(0);
  });

  it('goes at half the rate after a refusal, and at the full rate a minute later', () => {
    const { take, slowDown } = budget();
    slowDown(0);
    expect(take(0)).toBe(1000);
    for (let call = 0; call < 10; call += 1) take(70_000);
    expect(take(70_000)).toBe(500);
  });

  it('counts refusals of calls that were under way together as one', () => {
    const { take, slowDown } = budget();
    for (let refusal = 0; refusal < 20; refusal += 1) slowDown(refusal);
    expect(take(19)).toBeLessThan(1100);
  });

  it('never goes slower than a tenth, however often it is refused', () => {
    const { take, slowDown } = budget();
    for (let second = 0; second < 20; second += 1) slowDown(second * 1000);
    expect(take(19_000)).toBe(5000);
  });

  it('lets nothing through before the time that the cloud named', () => {
    const { take, slowDown } = budget();
    slowDown(0, 30_000);
    expect(take(10_000)).toBe(20_000);
    expect(take(30_000)).toBe(0);
    expect(take(10_000, { key: 'somebody else' })).toBe(0);
  });
});
