import { randomBytes } from 'node:crypto';
import { Sealer, UnsealError } from './sealer';

const key = (version: number) => `${version}:${randomBytes(32).toString('base64')}`;
const one = key(1);

it('opens what it sealed, and nothing of the value shows', () => {
  const sealed = new Sealer(one).seal({ secretKey: 'TOPSECRET' }, 'provider:1');
  expect(sealed).not.toContain('TOPSECRET');
  expect(new Sealer(one).open(sealed, 'provider:1')).toEqual({ secretKey: 'TOPSECRET' });
});

it('keeps opening old values after a key was added', () => {
  const sealed = new Sealer(one).seal('x', 'c');
  const rotated = new Sealer(`${one},${key(2)}`);
  expect(rotated.open(sealed, 'c')).toBe('x');
  expect(rotated.seal('x', 'c')).toMatch(/^v1\.2\./);
});

it.each([
  ['another row', (sealed: string) => new Sealer(one).open(sealed, 'provider:2')],
  ['another key', (sealed: string) => new Sealer(key(1)).open(sealed, 'provider:1')],
  ['a missing key', (sealed: string) => new Sealer(key(2)).open(sealed, 'provider:1')],
  ['a changed value', (sealed: string) => new Sealer(one).open(`${sealed}AAAA`, 'provider:1')],
])('refuses %s', (_, open) => {
  const sealed = new Sealer(one).seal('x', 'provider:1');
  expect(() => open(sealed)).toThrow(UnsealError);
});
