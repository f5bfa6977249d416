import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Belong to one connection (RFC 9110, 7.6.1), never forwarded. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of a request that are meant for the other end. `expect` is left out, too: our server
 * has answered `100-continue` already. `host` is kept.
 */
export function endToEndHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = namedByConnection(headers.connection);
  const kept: OutgoingHttpHeaders = {};
  for (const name in headers) {
    if (HOP_BY_HOP.has(name) || name === 'expect' || named?.has(name)) continue;
    kept[name] = headers[name];
  }
  return kept;
}

/** As `endToEndHeaders`, for an answer: name, value, name, value, as they came. */
export function endToEndRawHeaders(rawHeaders: readonly string[], connection?: string): string[] {
  const named = namedByConnection(connection);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || named?.has(lower)) continue;
    kept.push(name, rawHeaders[index + 1] as string);
  }
  return kept;
}

/** `Connection: close, X-Private` makes X-Private a header of this connection. */
function namedByConnection(connection: string | undefined): Set<string> | undefined {
  if (!connection || /^(close|keep-alive|upgrade)$/i.test(connection)) return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
