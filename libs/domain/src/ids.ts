import { randomBytes } from 'node:crypto';

/** 24 lowercase hex digits; the first eight are the time in seconds, so ids sort by creation. */
export function newId(now = Date.now()): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + randomBytes(8).toString('hex');
}

/** Whether `value` has the form of an id; says nothing of whether it exists. */
export function isId(value: string): boolean {
  return /^[0-9a-f]{24}$/.test(value);
}

/** When an id was made, in milliseconds since 1970, to the second. */
export function idTime(id: string): number {
  return parseInt(id.slice(0, 8), 16) * 1000;
}
