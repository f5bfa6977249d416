import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { certificateExpiresAt, createCa, issueCertificate, type KeyPair } from './pki';

const NODE_ID = '65f0c0ffee65f0c0ffee65f0';
let ca: KeyPair;
let server: KeyPair;
let client: KeyPair;
let listener: Server;
let port: number;

beforeAll(async () => {
  ca = await createCa('cloudhero test');
  server = await issueCertificate(ca, {
    commonName: 'node1',
    usage: 'server',
    dnsNames: [NODE_ID, 'localhost'],
    ipAddresses: ['127.0.0.1'],
  });
  client = await issueCertificate(ca, { commonName: 'client', usage: 'client' });
  listener = createServer(
    {
      ca: ca.certificate,
      cert: server.certificate,
      key: server.privateKey,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (socket) => {
      socket.on('error', () => undefined);
      socket.end('hello');
    },
  );
  listener.on('tlsClientError', () => undefined);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  port = (listener.address() as AddressInfo).port;
});

afterAll(() => new Promise((done) => listener.close(done)));

/** What the server says to whoever has `pair`, trusting `trusted` and expecting `servername`. */
async function greeting(pair: KeyPair, trusted = ca, servername = NODE_ID): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername,
    ca: trusted.certificate,
    cert: pair.certificate,
    key: pair.privateKey,
  });
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  return said;
}

/** In TLS 1.3 a refused client may see an alert or just the end, whichever comes first. */
const said = (pair: KeyPair) => greeting(pair).catch(() => '');

it('lets both sides know each other by the CA, the server by an id, a name or an address', async () => {
  await expect(greeting(client)).resolves.toBe('hello');
  await expect(greeting(client, ca, 'localhost')).resolves.toBe('hello');
});

it('refuses a server of another CA', async () => {
  const other = await createCa('cloudhero test');
  await expect(greeting(client, other)).rejects.toThrow(/certificate/);
});

it('refuses a client of another CA', async () => {
  const other = await createCa('cloudhero test');
  const stranger = await issueCertificate(other, { commonName: 'client', usage: 'client' });
  await expect(said(stranger)).resolves.toBe('');
});

it('refuses a server certificate in a client’s place', async () => {
  await expect(said(server)).resolves.toBe('');
});

it('refuses a server under a name that its certificate does not carry', async () => {
  await expect(greeting(client, ca, 'another-node')).rejects.toThrow(/altnames/);
});

it('says how long a certificate is valid, from an hour ago', async () => {
  const pair = await issueCertificate(ca, { commonName: 'x', usage: 'client', days: 2 });
  const left = certificateExpiresAt(pair.certificate).getTime() - Date.now();
  expect(left / 86_400_000).toBeCloseTo(2, 2);
  const from = new Date(new X509Certificate(pair.certificate).validFrom).getTime();
  expect((Date.now() - from) / 3_600_000).toBeCloseTo(1, 1);
});

it('does not take a name for an address', async () => {
  const request = { commonName: 'x', usage: 'server', ipAddresses: ['node1'] } as const;
  await expect(issueCertificate(ca, request)).rejects.toThrow('not an IP address');
});
