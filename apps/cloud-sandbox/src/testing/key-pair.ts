import { utils } from 'ssh2';

/**
 * An SSH key pair in OpenSSH's form. ssh2 1.17 drops a leading zero of an ED25519 key, so that one
 * key in 128 is malformed; those are thrown away.
 */
export function newKeyPair(type: 'ed25519' | 'rsa'): { public: string; private: string } {
  if (type === 'rsa') return utils.generateKeyPairSync('rsa', { bits: 2048 });
  const wellFormed = (publicKey: string) =>
    Buffer.from(publicKey.split(' ')[1] ?? '', 'base64').length === 51;
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    if (wellFormed(pair.public)) return pair;
  }
}
