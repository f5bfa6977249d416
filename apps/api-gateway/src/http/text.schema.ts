import { z } from 'zod';

/** Postgres stores neither NUL nor half a surrogate pair; other control characters only confuse. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const BROKEN = /[\0\p{Cs}]/u;

/** A line of text that is not blank. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.trim() !== '', { error: 'This must not be blank.' })
    .refine((text) => !UNPRINTABLE.test(text), {
      error: 'This has characters that cannot be shown.',
    });

/** Text that somebody chose as a secret; kept as it is. */
export const secret = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !BROKEN.test(text), { error: 'This has characters that are not text.' });

/** A key of a cloud's: visible ASCII without blanks. */
export const cloudKey = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x21-\x7e]+$/, { error: 'This must be letters, digits and signs, without blanks.' });

/** A name that becomes part of a machine's name. */
export const label = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, {
    error:
      'This must be letters, digits, dashes, dots or underscores, with a letter or digit at both ends.',
  });

export const email = z.email().max(254);

/** An address of a service, without a user name or password in it. */
export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine(withoutUser, {
    error: 'This must not carry a user name, a password, a query or a fragment.',
  });

function withoutUser(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return !username && !password && !search && !hash && !UNPRINTABLE.test(text);
}
