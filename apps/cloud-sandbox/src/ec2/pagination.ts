import { createHash } from 'node:crypto';
import { Ec2Error } from './ec2.error';
import type { Params } from './params';

export interface Page<T> {
  items: T[];
  nextToken?: string;
}

const NOT_OF_THE_QUESTION = new Set(['NextToken', 'MaxResults']);

/**
 * One page of `all`, which must be in the order of `keyOf`. The token carries the last key given,
 * so that a page is neither doubled nor skipped when others come or go; it fits one question only.
 * @throws InvalidParameterValue for a token of another question, or a size out of `range`.
 */
export function paginate<T>(
  params: Params,
  all: readonly T[],
  keyOf: (item: T) => string,
  range = { min: 5, max: 1000 },
): Page<T> {
  const size = params.integer('MaxResults', range);
  const question = digest(params);
  const token = params.string('NextToken');
  const after = token === undefined ? undefined : read(token, question);
  const rest = after === undefined ? all : all.filter((item) => keyOf(item) > after);
  if (size === undefined) return { items: [...rest] };
  const items = rest.slice(0, size);
  const last = items.at(-1);
  if (last === undefined || rest.length <= size) return { items };
  const text = JSON.stringify([question, keyOf(last)]);
  return { items, nextToken: Buffer.from(text).toString('base64url') };
}

function read(token: string, question: string): string {
  try {
    const [asked, after] = JSON.parse(Buffer.from(token, 'base64url').toString()) as string[];
    if (asked === question && typeof after === 'string') return after;
  } catch {
    // Not one of ours.
  }
  throw new Ec2Error('InvalidParameterValue', 'Unable to parse pagination token');
}

function digest(params: Params): string {
  const question = params.sorted().filter(([name]) => !NOT_OF_THE_QUESTION.has(name));
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
}
