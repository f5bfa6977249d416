import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A sealed value cannot be opened: another key, or it was changed. */
export class UnsealError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnsealError';
  }
}

/**
 * Seals values for storage with AES-256-GCM. `keys` is `VERSION:BASE64,…`; the highest version
 * seals, every version opens, so that a key is rotated by adding one and re-sealing at leisure.
 * `context` (say `provider:ID`) is authenticated: a sealed value moved to another row does not open.
 */
export class Sealer {
  private readonly keys = new Map<number, Buffer>();
  private readonly current: number;

  constructor(keys: string) {
    for (const entry of keys.split(',')) {
      const [version = '', key = ''] = entry.split(':');
      this.keys.set(Number(version), Buffer.from(key, 'base64'));
    }
    this.current = Math.max(...this.keys.keys());
  }

  /** `v1.VERSION.IV.TAG.CIPHERTEXT`, the last three in base64url. */
  seal(value: unknown, context: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), iv);
    cipher.setAAD(Buffer.from(context));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'));
    return ['v1', this.current, ...parts].join('.');
  }

  /** @throws UnsealError when the key is unknown or the value or its context was changed. */
  open<T>(sealed: string, context: string): T {
    const [format, version, iv, tag, text] = sealed.split('.');
    if (format !== 'v1' || !version || !iv || !tag || !text) {
      throw new UnsealError('not a sealed value');
    }
    try {
      const key = this.key(Number(version));
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      const body = Buffer.from(text, 'base64url');
      const plain = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      return JSON.parse(plain) as T;
    } catch (error) {
      throw new UnsealError(`cannot open a value sealed for ${context}`, error);
    }
  }

  private key(version: number): Buffer {
    const key = this.keys.get(version);
    if (!key) throw new UnsealError(`no key of version ${version}`);
    return key;
  }
}
