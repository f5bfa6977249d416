import { ERROR_CODES, type ErrorCode } from '@cloudhero/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureStatus } from './cloud-failure';

const PAGE = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');

it.each(Object.keys(ERROR_CODES) as ErrorCode[])('docs/errors.md tells what %s is', (code) => {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${code}\``));
  const [, , status, waiting] = (row ?? '').split('|').map((cell) => cell.trim());
  const mends = ERROR_CODES[code].temporary ? 'yes' : 'no';
  expect([status, waiting]).toEqual([String(failureStatus(code)), mends]);
});
