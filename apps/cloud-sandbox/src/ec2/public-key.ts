import { createHash, createPublicKey } from 'node:crypto';
import { Ec2Error } from './ec2.error';

/**
 * Reads an OpenSSH public key as ImportKeyPair takes it, and its fingerprint in EC2's ways: MD5 of
 * the DER for RSA, SHA-256 in base64 for ED25519.
 * @throws InvalidKey.Format
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html
 */
export function readPublicKey(text: string): { type: 'rsa' | 'ed25519'; fingerprint: string } {
  const [type, base64 = ''] = text.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  const fields = readFields(blob);
  if (fields[0]?.toString() !== type) throw invalid();
  if (type === 'ssh-ed25519' && fields[1]?.length === 32) {
    const fingerprint = createHash('sha256').update(blob).digest('base64');
    return { type: 'ed25519', fingerprint };
  }
  const [, exponent, modulus] = fields;
  if (type !== 'ssh-rsa' || !exponent || !modulus) throw invalid();
  const jwk = { kty: 'RSA', e: positive(exponent), n: positive(modulus) };
  const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  const md5 = createHash('md5').update(der).digest('hex');
  return { type: 'rsa', fingerprint: md5.replace(/(..)(?!$)/g, '$1:') };
}

/** SSH's wire format: each field with its length in front. */
function readFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length;) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) throw invalid();
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

const positive = (integer: Buffer) =>
  (integer[0] === 0 ? integer.subarray(1) : integer).toString('base64url');

const invalid = () =>
  new Ec2Error('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
