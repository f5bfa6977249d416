import { CheckupRound } from './checkup-round';

/** A round over endlessly many nodes that are due, and looks that end when they are told to. */
function roundOf(perSecond: number) {
  const looked: string[] = [];
  const pending: (() => void)[] = [];
  let made = 0;
  const checkups = {
    claim: async (limit: number) => Array.from({ length: limit }, () => `node-${++made}`),
  };
  const service = {
    run: (id: string) => {
      looked.push(id);
      return new Promise<void>((resolve) => pending.push(resolve));
    },
  };
  const round = new CheckupRound(checkups, service, perSecond, () => undefined);
  const finish = async () => {
    for (const resolve of pending.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { round, looked, finish };
}

it('looks at so many nodes a second and no more', async () => {
  const { round, looked, finish } = roundOf(3);
  for (let second = 1; second <= 5; second++) {
    await round.round();
    await finish();
    expect(looked).toHaveLength(3 * second);
  }
});

it('can look less than once a second', async () => {
  const { round, looked, finish } = roundOf(0.5);
  for (let second = 1; second <= 4; second++) {
    await round.round();
    await finish();
  }
  expect(looked).toHaveLength(2);
});

it('claims no more while nodes do not answer, and goes on when they do', async () => {
  const { round, looked, finish } = roundOf(2);
  for (let second = 1; second <= 10; second++) await round.round();
  expect(looked).toHaveLength(8);
  await finish();
  await round.round();
  expect(looked).toHaveLength(10);
});
