import { decideRefusal, type RefusalFacts } from './decide-launch';

const facts = (given: Partial<RefusalFacts>): RefusalFacts => ({
  code: 'cloud_unavailable',
  temporary: true,
  first: false,
  wanted: true,
  outOfPatience: false,
  elsewhere: false,
  ...given,
});
const noRoom = { code: 'capacity_unavailable' } as const;
const denied = { code: 'permission_denied', temporary: false } as const;
const quota = { code: 'quota_exceeded', temporary: false } as const;

it.each<[string, Partial<RefusalFacts>, string]>([
  ['asks again while the outcome is open', {}, 'retry'],
  ['gives the customer an answer in the end', { outOfPatience: true }, 'abandon'],
  ['never gives up on what is to be deleted', { outOfPatience: true, wanted: false }, 'retry'],
  ['goes elsewhere when there is no room', { ...noRoom, elsewhere: true }, 'elsewhere'],
  ['waits for room when there is nowhere else', noRoom, 'retry'],
  ['does not wait for ever for room', { ...noRoom, outOfPatience: true }, 'close'],
  ['looks for no room for what is to be deleted', { ...noRoom, wanted: false }, 'close'],
  ['believes a first refusal', { ...denied, first: true }, 'close'],
  ['does not conclude from a later one that nothing was made', denied, 'abandon'],
  ['asks again before it lets a deleted node go', { ...denied, wanted: false }, 'retry'],
  ['believes a refusal that says that nothing was made', { ...quota, wanted: false }, 'close'],
])('%s', (_, given, decision) => {
  expect(decideRefusal(facts(given))).toBe(decision);
});
