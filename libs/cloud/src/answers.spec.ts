import { Answers } from './answers';

let clock = 0;
let asked = 0;
const answers = () => new Answers<number>(1000, () => clock);
const ask = () => Promise.resolve(++asked);

beforeEach(() => {
  clock = 0;
  asked = 0;
});

it('asks once for all who want to know, until the answer is old', async () => {
  const kept = answers();
  expect(await Promise.all([kept.get('a', ask), kept.get('a', ask)])).toEqual([1, 1]);
  clock = 999;
  expect(await kept.get('a', ask)).toBe(1);
  clock = 1000;
  expect(await kept.get('a', ask)).toBe(2);
});

it('answers each question for itself', async () => {
  const kept = answers();
  expect([await kept.get('a', ask), await kept.get('b', ask)]).toEqual([1, 2]);
});

it('keeps no failure, and tells it to all who wait for it', async () => {
  const kept = answers();
  const fail = () => Promise.reject(new Error('busy'));
  const both = await Promise.allSettled([kept.get('a', fail), kept.get('a', ask)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await kept.get('a', ask)).toBe(1);
});

it('asks anew what it was told to forget', async () => {
  const kept = answers();
  await kept.get('a', ask);
  kept.forget('a');
  kept.forget('never asked');
  expect(await kept.get('a', ask)).toBe(2);
});
