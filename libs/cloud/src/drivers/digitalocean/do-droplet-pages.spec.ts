import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudDriver } from '../../cloud-driver';
import { CloudDrivers } from '../../drivers';

/** Droplets on each page, and their status. */
let pages: Record<number, string>[] = [];
let status = 200;
let html = '';
let server: Server;
let endpoint = '';
let drivers: CloudDrivers;
let driver: CloudDriver;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const page = Number(searchParams.get('page') ?? 1);
    const isList = pathname === '/v2/droplets';
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(html || JSON.stringify(isList ? listOf(page) : { actions: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  pages = [{ 1: 'active', 2: 'active' }, { 3: 'off' }];
  status = 200;
  html = '';
  drivers = new CloudDrivers();
  driver = drivers.for({
    providerId: 'p',
    type: 'digital_ocean',
    endpoint,
    credentials: { access_token: 't' },
    installationId: 'a'.repeat(24),
  });
});
afterEach(() => drivers.close());

function listOf(page: number) {
  if (status !== 200) return { id: 'forbidden', message: 'You may not' };
  const droplets = Object.entries(pages[page - 1] ?? {}).map(([id, state]) => ({
    id: Number(id),
    name: `droplet-${id}`,
    status: state,
    locked: state === 'new',
    size_slug: 's-1vcpu-1gb',
    networks: { v4: [], v6: [] },
    tags: [],
    image: { id: 1, slug: 'debian-12-x64', description: 'long' },
    region: { slug: 'nyc3', sizes: ['many'] },
  }));
  const links = page < pages.length ? { pages: { next: `${endpoint}/v2/droplets?page=9` } } : {};
  return { droplets, links, meta: { total: 3 } };
}

it('answers the very same servers for pages that have not changed', async () => {
  const first = await driver.observe('nyc3');
  expect(first.map(({ id, state }) => `${id} ${state}`)).toEqual([
    '1 running',
    '2 running',
    '3 stopped',
  ]);
  const second = await driver.observe('nyc3');
  expect(second).toHaveLength(3);
  second.forEach((known, index) => expect(known).toBe(first[index]));
});

it('reads a page again that has changed, and shows a droplet on two pages once', async () => {
  const first = await driver.observe('nyc3');
  pages = [
    { 1: 'active', 2: 'active' },
    { 2: 'active', 3: 'new' },
  ];
  const second = await driver.observe('nyc3');
  expect(second.map(({ id, state }) => `${id} ${state}`)).toEqual([
    '1 running',
    '2 running',
    '3 pending',
  ]);
  expect(second[0]).toBe(first[0]);
});

it('still knows a refusal by its words, and a page in between for no answer', async () => {
  status = 403;
  await expect(driver.observe('nyc3')).rejects.toMatchObject({
    code: 'permission_denied',
    message: expect.stringContaining('You may not'),
  });
  status = 200;
  html = '<html>Welcome to the hotel</html>';
  await expect(driver.observe('nyc3')).rejects.toMatchObject({ code: 'cloud_unavailable' });
  await expect(driver.find('nyc3', ['1'])).rejects.toMatchObject({ code: 'cloud_unavailable' });
  status = 404;
  await expect(driver.find('nyc3', ['1'])).rejects.toMatchObject({ code: 'cloud_unavailable' });
});
