import { presentedKey } from './presented-key';

it.each([
  [{}, null],
  [{ 'authentication-token': 'k' }, 'k'],
  [{ authorization: 'k' }, 'k'],
  [{ authorization: 'Bearer k' }, 'k'],
  [{ authorization: 'BEARER   k ' }, 'k'],
  [{ authorization: 'Bearer ' }, null],
  [{ 'authentication-token': '', authorization: 'k' }, 'k'],
  [{ 'authentication-token': 'a', authorization: 'b' }, 'a'],
])('%j presents %s', (headers, key) => {
  expect(presentedKey(headers)).toBe(key);
});
