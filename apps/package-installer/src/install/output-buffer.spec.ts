import { OutputBuffer } from './output-buffer';

it('hands output on in order, in large pieces, and all of it in the end', async () => {
  const kept: string[] = [];
  const buffer = new OutputBuffer(
    async (text) => void kept.push(text),
    () => undefined,
  );
  buffer.push('a');
  buffer.push('b'.repeat(20_000));
  buffer.push('c');
  await buffer.end();
  expect(kept).toEqual([`a${'b'.repeat(20_000)}`, 'c']);
  expect(buffer.tail.endsWith('bc')).toBe(true);
});

it('goes on when a piece cannot be kept', async () => {
  const errors: unknown[] = [];
  const buffer = new OutputBuffer(
    () => Promise.reject(new Error('no database')),
    (error) => errors.push(error),
  );
  buffer.push('a');
  await buffer.end();
  expect(errors).toHaveLength(1);
});
