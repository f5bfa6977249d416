import { createHash } from 'node:crypto';
import { unprocessable } from './do.error';

const TYPES = new Set(['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384']);

/** The fingerprint of an OpenSSH public key: MD5 of its blob with colons. @throws DoError 422 */
export function fingerprintOf(publicKey: string): string {
  const [type = '', base64 = ''] = publicKey.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  const length = blob.length > 4 ? blob.readUInt32BE(0) : 0;
  const isKey = TYPES.has(type) && blob.subarray(4, 4 + length).toString() === type;
  if (!isKey) throw unprocessable('Key invalid, key should be of the format `type key [comment]`');
  const md5 = createHash('md5').update(blob).digest('hex');
  return md5.replace(/(..)(?!$)/g, '$1:');
}
