import { ROUTES, type Route } from './route-table';

export interface Match {
  route: Pick<Route, 'kind' | 'action' | 'secret'>;
  /** The part of the path in braces, decoded; empty where there is none. */
  name: string;
}

interface Compiled {
  pattern: RegExp;
  route: Route;
}

/** By method and first segment, literal paths before those with a name in them. */
const TABLE = compile(ROUTES);

/**
 * Finds what to do with a call. `path` is decoded and without version. A path that newer engines may
 * know: reading it goes to any node, writing is denied.
 */
export function matchRoute(method: string, path: string): Match {
  for (const { pattern, route } of TABLE.get(keyOf(method, path)) ?? []) {
    const found = pattern.exec(path);
    if (found) return { route, name: found[1] ?? '' };
  }
  const reading = method === 'GET' || method === 'HEAD';
  return {
    route: reading
      ? { kind: 'any-node', action: 'any-node', secret: true }
      : { kind: 'denied', action: 'deny' },
    name: '',
  };
}

function compile(routes: readonly Route[]): Map<string, Compiled[]> {
  const table = new Map<string, Compiled[]>();
  for (const route of routes) {
    const key = keyOf(route.method, route.path);
    const pattern = new RegExp(`^${route.path.replace(/\{\w+\}/, '(.+)')}$`);
    table.set(key, [...(table.get(key) ?? []), { pattern, route }]);
  }
  for (const [key, compiled] of table) {
    const literalFirst = (one: Compiled, other: Compiled) => rank(one.route) - rank(other.route);
    table.set(key, compiled.sort(literalFirst));
  }
  return table;
}

/** Literal, then a name with something after it, then a name alone (which matches everything). */
function rank({ path }: Route): number {
  if (!path.includes('{')) return 0;
  return path.endsWith('}') ? 2 : 1;
}

function keyOf(method: string, path: string): string {
  const end = path.indexOf('/', 1);
  return `${method} ${end < 0 ? path : path.slice(0, end)}`;
}
