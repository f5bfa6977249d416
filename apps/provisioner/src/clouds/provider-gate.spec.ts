import { ProviderGate } from './provider-gate';

/** Work that ends when it is told to. */
function pausedWork() {
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  return { ends, work };
}

it('runs some of an account’s work at once, lets some wait, and turns the rest away', async () => {
  const gate = new ProviderGate(2, 1);
  const { ends, work } = pausedWork();
  const first = [gate.run('slow', work), gate.run('slow', work), gate.run('slow', work)];
  expect(await gate.run('slow', work)).toBe(false);
  expect(ends).toHaveLength(2);
  ends[0]?.();
  await first[0];
  expect(ends).toHaveLength(3);
  ends.slice(1).forEach((end) => end());
  expect(await Promise.all(first)).toEqual([true, true, true]);
});

it('lets another account in however much the first has to do', async () => {
  const gate = new ProviderGate(1, 0);
  const { ends, work } = pausedWork();
  const slow = gate.run('slow', work);
  expect(await gate.run('other', () => Promise.resolve())).toBe(true);
  ends[0]?.();
  await slow;
});

it('gives a place back when the work fails', async () => {
  const gate = new ProviderGate(1, 0);
  await expect(gate.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await gate.run('a', () => Promise.resolve())).toBe(true);
});
