import { createHash, randomBytes, randomInt } from 'node:crypto';

/** An API key as the reference prints it: 38 decimal digits (about 126 bits). */
export function newApiKey(): string {
  return Array.from({ length: 38 }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
}

/** A refreshing token: URL-safe, 256 bits. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** How a key or token is stored. They are random and long, so one round of SHA-256 is enough. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** `••••UAFw`: the last four characters, and nothing of a value shorter than twelve. */
export function maskSecret(value: string): string {
  return `••••${value.length >= 12 ? value.slice(-4) : ''}`;
}
