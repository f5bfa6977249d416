import argon2 from 'argon2';

/** Hashes a password with argon2id (OWASP's second choice of parameters: 19 MiB, two passes). */
export function hashPassword(password: string): Promise<string> {
  return argon2.hash(password, { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2 });
}

/** Whether the password is the one that was hashed. */
export function verifyPassword(hash: string, password: string): Promise<boolean> {
  return argon2.verify(hash, password);
}
