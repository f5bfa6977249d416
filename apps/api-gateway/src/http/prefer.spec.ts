import { preferenceOf } from './prefer';

it.each([
  [undefined, { waitMs: null }],
  ['respond-async', { waitMs: 0, applied: 'respond-async' }],
  ['Respond-Async, wait=10', { waitMs: 10_000, applied: 'wait=10' }],
  ['wait=0', { waitMs: 0, applied: 'wait=0' }],
  ['wait="5"', { waitMs: 5000, applied: 'wait=5' }],
  ['wait=-1', { waitMs: null }],
  ['wait=soon, return=minimal', { waitMs: null }],
])('%s is understood, or ignored', (header, expected) => {
  expect(preferenceOf(header)).toEqual(expected);
});
