import type { IncomingHttpHeaders } from 'node:http';

/** The key of a request: `Authentication-Token`, or `Authorization` with or without `Bearer`. */
export function presentedKey(headers: IncomingHttpHeaders): string | null {
  const token = headers['authentication-token'];
  const value = (typeof token === 'string' && token) || headers.authorization || '';
  const key = value.replace(/^bearer\s+/i, '').trim();
  return key === '' ? null : key;
}
