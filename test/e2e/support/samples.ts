import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeErrors } from './shape';

/** The reference's own answers, with its errata decided as docs/api-errata.md has them. */
export const samples = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'reference-samples.json'), 'utf8'),
) as Record<string, unknown>;

export function expectShape(actual: unknown, sample: string): void {
  if (!(sample in samples)) throw new Error(`the reference has no sample ${sample}`);
  expect(shapeErrors(actual, samples[sample])).toEqual([]);
}
