import { unprocessable } from './do.error';
import type { OperationContext } from './operation';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 200;

/**
 * One page of `all` under `name`, with its links and the total, by `page` and `per_page`. Pages are
 * counted anew by each request, as at DigitalOcean: what goes meanwhile shifts the rest.
 * @throws DoError 422
 */
export function pageOf<T>(
  { query, url }: OperationContext,
  name: string,
  all: readonly T[],
  view: (item: T) => object,
): object {
  const size = number(query, 'per_page', DEFAULT_SIZE, MAX_SIZE);
  const page = number(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number) => {
    const target = new URLSearchParams(query);
    target.set('page', String(to));
    return `${url}?${target.toString()}`;
  };
  const pages = {
    ...(page > 1 && { first: link(1), prev: link(page - 1) }),
    ...(page < last && { next: link(page + 1), last: link(last) }),
  };
  return {
    [name]: all.slice((page - 1) * size, page * size).map(view),
    links: last > 1 ? { pages } : {},
    meta: { total: all.length },
  };
}

function number(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw unprocessable(`${name} must be between 1 and ${max}`);
  return value;
}
