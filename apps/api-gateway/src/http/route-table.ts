import { Injectable } from '@nestjs/common';

export interface Route {
  method: string;
  /** As registered, say `/environments/:id`. */
  url: string;
}

/** Every route that Fastify has, to tell a wrong method from an unknown path. */
@Injectable()
export class RouteTable {
  private readonly patterns = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add({ method, url }: Route) {
    const known = this.patterns.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    known.methods.add(method);
    this.patterns.set(url, known);
  }

  /** The methods that the path of `url` answers, sorted; empty when the path is unknown. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = [...this.patterns.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((entry) => [...entry.methods]);
    return [...new Set(methods)].sort();
  }

  get routes(): Route[] {
    return [...this.patterns].flatMap(([url, { methods }]) =>
      [...methods].map((method) => ({ method, url })),
    );
  }
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : escape(part)).replace('\\*', '.*'));
  return new RegExp(`^${parts.join('/')}$`);
}

function escape(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
