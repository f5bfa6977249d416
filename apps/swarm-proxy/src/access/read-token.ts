import type { IncomingHttpHeaders } from 'node:http';

/** Headers that carry a key; they never reach an engine. */
export const AUTH_HEADERS: ReadonlySet<string> = new Set(['authentication-token', 'authorization']);

/**
 * The key in `Authentication-Token: KEY`, `Authorization: KEY` or `Authorization: Bearer KEY`; null
 * when there is none, or none that could be one.
 */
export function readToken(headers: IncomingHttpHeaders): string | null {
  const own = headers['authentication-token'];
  const value = (Array.isArray(own) ? own[0] : own) ?? headers.authorization;
  const token = value?.replace(/^Bearer\s+/i, '').trim();
  return token && token.length <= 256 && !/\s/.test(token) ? token : null;
}
