import { utils } from 'ssh2';

export interface SshKeyPair {
  /** OpenSSH PEM. */
  privateKey: string;
  /** `ssh-ed25519 AAAA… COMMENT` */
  publicKey: string;
}

/** Two lengths, the name of the algorithm and 32 bytes of key. */
const PUBLIC_KEY_BYTES = 51;

/**
 * A new ed25519 pair. ssh2 1.17 strips leading zeros from the key itself, which spoils one pair in
 * 256 (`parseDERs` in its keygen.js); such a pair is thrown away.
 */
export function newSshKeyPair(comment: string): SshKeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', { comment });
    const material = Buffer.from(pair.public.split(' ')[1] ?? '', 'base64');
    if (material.length === PUBLIC_KEY_BYTES) {
      return { privateKey: pair.private, publicKey: pair.public };
    }
  }
}
