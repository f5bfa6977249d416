import { UNLIMITED } from '@cloudhero/domain';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudDrivers } from '../../drivers';
import { digitalOcean } from './do-client';

/** Which token came with which path; an account's own paths carry its name. */
const seen: { path: string; token: string }[] = [];
let server: Server;
let endpoint = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const token = request.headers.authorization ?? '';
    seen.push({ path: request.url ?? '', token });
    // Answers overtake each other, as they do on a network.
    setTimeout(() => {
      const id = Number(/droplets\/(\d+)/.exec(request.url ?? '')?.[1]);
      const body = JSON.stringify({ account: { uuid: token }, droplets: [], droplet: droplet(id) });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    }, Math.random() * 5);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const droplet = (id: number) => ({
  id,
  name: 'a',
  status: 'active',
  locked: false,
  tags: [],
  networks: { v4: [], v6: [] },
  image: null,
  size_slug: 's-1vcpu-1gb',
  region: { slug: 'nyc3' },
});

const account = (name: string) => ({
  providerId: name,
  type: 'digital_ocean' as const,
  endpoint,
  credentials: { access_token: `token-of-${name}` },
  installationId: 'a'.repeat(24),
});

it('never sends one tenant’s call with another tenant’s token', async () => {
  const drivers = new CloudDrivers(UNLIMITED);
  const tenants = ['alice', 'bob'];
  const rounds = Array.from({ length: 100 }, (_, round) => round);
  await Promise.all(
    rounds.flatMap((round) =>
      tenants.map(async (name, index) => {
        const driver = drivers.for(account(name));
        // Ids and environments say whose call it is: even ones are the first tenant's.
        const id = String(1000 + round * 2 + index);
        const identity = await driver.verifyCredentials();
        expect(identity.account).toBe(`Bearer token-of-${name}`);
        await Promise.all([driver.find('nyc3', [id]), driver.observe('nyc3', [`env-of-${name}`])]);
      }),
    ),
  );
  drivers.close();
  expect(seen).toHaveLength(600);
  for (const { path, token } of seen) {
    const id = /droplets\/(\d+)/.exec(path)?.[1];
    const owner = id ? tenants[Number(id) % 2] : /env-of-(alice|bob)/.exec(path)?.[1];
    if (owner) expect({ path, token }).toEqual({ path, token: `Bearer token-of-${owner}` });
  }
});

it('makes no call that is nobody’s', async () => {
  await expect(digitalOcean.account.getUserInformation()).rejects.toThrow('without an account');
});
