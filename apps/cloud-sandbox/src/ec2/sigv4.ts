import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Ec2Error } from './ec2.error';

export interface SignedRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the Authorization header claims, before it is proved. */
export interface Claim {
  accessKey: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** @throws MissingAuthenticationToken, IncompleteSignature */
export function readClaim(headers: IncomingHttpHeaders): Claim {
  const header = headers.authorization;
  if (!header)
    throw new Ec2Error(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      403,
    );
  const [, accessKey, date, region, service, signed, signature] = AUTHORIZATION.exec(header) ?? [];
  if (!accessKey || !date || !region || !service || !signed || !signature)
    throw new Ec2Error('IncompleteSignature', 'The Authorization header is not AWS4-HMAC-SHA256');
  return { accessKey, date, region, service, signedHeaders: signed.split(';'), signature };
}

/**
 * Proves a claim with the account's secret key, at `now` in milliseconds.
 * @throws RequestExpired, SignatureDoesNotMatch
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(
  request: SignedRequest,
  claim: Claim,
  secretKey: string,
  now: number,
): void {
  const time = String(request.headers['x-amz-date'] ?? '');
  const at = Date.parse(
    time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(at)) throw new Ec2Error('IncompleteSignature', 'X-Amz-Date is not a time');
  if (Math.abs(now - at) > MAX_SKEW_MS)
    throw new Ec2Error('RequestExpired', `Request has expired: ${time} is not within 5 minutes`);
  const scope = [claim.date, claim.region, claim.service, 'aws4_request'];
  const canonical = sha256(canonicalRequest(request, claim.signedHeaders));
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${secretKey}`);
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), canonical].join('\n'));
  const matches = timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'));
  const isBound = claim.signedHeaders.includes('host') && time.startsWith(claim.date);
  if (!matches || !isBound) throw mismatch();
}

function canonicalRequest(request: SignedRequest, signedHeaders: string[]): string {
  const url = new URL(request.url, 'http://sandbox');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = signedHeaders.map((name) => `${name}:${valueOf(request.headers[name])}\n`);
  const hash = sha256(request.body);
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== hash) throw mismatch();
  const names = signedHeaders.join(';');
  return [request.method, url.pathname, query, headers.join(''), names, hash].join('\n');
}

function valueOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join(',') : (header ?? '')).trim().replace(/ +/g, ' ');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function mismatch(): Ec2Error {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';
  return new Ec2Error('SignatureDoesNotMatch', message, 403);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
