import type { z } from 'zod';
import type { ErrorEntry } from './api.error';

/** A request with a thousand mistakes is told of this many. */
const MOST = 100;

const CODES: Record<string, string> = {
  invalid_type: 'wrong_type',
  too_big: 'too_big',
  too_small: 'too_small',
  invalid_format: 'invalid_format',
  invalid_value: 'invalid_value',
  invalid_union: 'invalid_value',
};

/** A validation's issues as entries, one a field. Needs `reportInput: true`. */
export function zodEntries(error: z.ZodError, prefix = ''): ErrorEntry[] {
  return error.issues.flatMap((issue) => entriesOf(issue, prefix)).slice(0, MOST);
}

function entriesOf(issue: z.core.$ZodIssue, prefix: string): ErrorEntry[] {
  const path = [...(prefix ? [prefix] : []), ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'unknown_field',
      message: `There is no such field as ${JSON.stringify(key.slice(0, 100))}.`,
      field: fieldOf([...path, key.slice(0, 100)]),
    }));
  }
  const missing = issue.input === undefined;
  const field = fieldOf(path);
  return [
    {
      code: missing ? 'required' : codeOf(issue),
      message: missing ? 'This field is required.' : issue.message,
      ...(field && { field }),
    },
  ];
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return (issue.params?.['code'] as string | undefined) ?? 'invalid';
  return CODES[issue.code] ?? 'invalid';
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`,
    )
    .join('');
}
