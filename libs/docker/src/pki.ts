// @peculiar/x509's container needs the polyfill before it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

x509.cryptoProvider.set(webcrypto);

/** A certificate with its private key (PKCS #8), both PEM. */
export interface KeyPair {
  certificate: string;
  privateKey: string;
}

export interface CertificateRequest {
  commonName: string;
  usage: 'server' | 'client';
  /** Go ignores the common name, so a server is only known by what is named here and below. */
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
  /** How long it is valid. Default 365. */
  days?: number;
}

/** Makes a certificate authority: ECDSA P-256, ten years, signs end certificates only (pathlen 0). */
export async function createCa(commonName: string): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(3650),
    serialNumber: newSerialNumber(),
    name: nameOf(commonName),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), privateKey: await exportKey(keys.privateKey) };
}

/** Makes a key and has `ca` certify it, for a server or for a client, never for both. */
export async function issueCertificate(ca: KeyPair, request: CertificateRequest): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(ca.certificate);
  const keys = await newKeys();
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const names = alternativeNames(request);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(request.days ?? 365),
    serialNumber: newSerialNumber(),
    subject: nameOf(request.commonName),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.privateKey),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([request.usage === 'server' ? serverAuth : clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificate: pem(certificate), privateKey: await exportKey(keys.privateKey) };
}

/** When a certificate (PEM) ends. @throws when `certificate` is not one. */
export function certificateExpiresAt(certificate: string): Date {
  return new x509.X509Certificate(certificate).notAfter;
}

function alternativeNames({ dnsNames = [], ipAddresses = [] }: CertificateRequest) {
  const wrong = ipAddresses.find((address) => isIP(address) === 0);
  if (wrong !== undefined) throw new Error(`not an IP address: ${wrong}`);
  return [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ];
}

/** Backdated by an hour: a machine whose clock is a little late must not refuse a new certificate. */
function validity(days: number) {
  const now = Date.now();
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + days * DAY_MS) };
}

/** Positive and at most 20 octets (RFC 5280, 4.1.2.2). */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}

function nameOf(commonName: string) {
  return new x509.Name([{ CN: [{ utf8String: commonName }] }]);
}

function newKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function importKey(privateKey: string) {
  const der = x509.PemConverter.decodeFirst(privateKey);
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
