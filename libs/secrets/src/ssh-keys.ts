import { utils } from 'ssh2';

export interface SshKeyPair {
  /** OpenSSH PEM. */
  privateKey: string;
  /** `ssh-ed25519 AAAA… COMMENT` */
  publicKey: string;
}

/** A new ed25519 pair. */
export function newSshKeyPair(comment: string): SshKeyPair {
  const pair = utils.generateKeyPairSync('ed25519', { comment });
  return { privateKey: pair.private, publicKey: pair.public };
}
