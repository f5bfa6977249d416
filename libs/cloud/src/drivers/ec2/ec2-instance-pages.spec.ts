import { EC2Client } from '@aws-sdk/client-ec2';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ec2InstancePages } from './ec2-instance-pages';

/** State codes of the instances on each page. */
let pages: number[][] = [];
let isForeign = false;
let server: Server;
let client: EC2Client;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const page = Number(/NextToken=page(\d+)/.exec(body)?.[1] ?? 0);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(isForeign ? '<html>Welcome to the hotel</html>' : pageXml(page));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new EC2Client({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  pages = [[16, 16], [80]];
  isForeign = false;
});

function pageXml(page: number): string {
  const items = pages[page]?.map(
    (code, index) =>
      `<item><instanceId>i-${page}${index}</instanceId><instanceState><code>${code}</code></instanceState></item>`,
  );
  const next = page + 1 < pages.length ? `<nextToken>page${page + 1}</nextToken>` : '';
  return `<?xml version="1.0"?><DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId><reservationSet><item><instancesSet>${items?.join('')}</instancesSet></item></reservationSet>${next}</DescribeInstancesResponse>`;
}

const filters = [{ Name: 'tag:a', Values: ['b'] }];

it('answers the very same servers for pages that have not changed', async () => {
  const known = new Ec2InstancePages();
  const first = await known.list(client, 'us-east-1', filters);
  expect(first.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'i-00 running',
    'i-01 running',
    'i-10 stopped',
  ]);
  const second = await known.list(client, 'us-east-1', filters);
  expect(second).toHaveLength(3);
  second.forEach((server, index) => expect(server).toBe(first[index]));
});

it('reads a page again that has changed, and pages that come or go', async () => {
  const known = new Ec2InstancePages();
  const first = await known.list(client, 'us-east-1', filters);
  pages = [[16, 16], [16]];
  const second = await known.list(client, 'us-east-1', filters);
  expect(second[0]).toBe(first[0]);
  expect(second[2]).toMatchObject({ id: 'i-10', state: 'running' });
  pages = [[16, 16], [16], [64]];
  expect(await known.list(client, 'us-east-1', filters)).toHaveLength(4);
  pages = [[48, 16]];
  expect(await known.list(client, 'us-east-1', filters)).toMatchObject([
    { state: 'terminated' },
    { state: 'running' },
  ]);
});

it('does not take the answer to one question for that to another', async () => {
  const known = new Ec2InstancePages();
  const first = await known.list(client, 'us-east-1', filters);
  const elsewhere = await known.list(client, 'us-east-1', [{ Name: 'tag:a', Values: ['c'] }]);
  expect(elsewhere).toEqual(first);
  expect(elsewhere[0]).not.toBe(first[0]);
});

it('does not take a page of something in between for an account without servers', async () => {
  isForeign = true;
  await expect(new Ec2InstancePages().list(client, 'us-east-1', filters)).rejects.toThrow(
    'not EC2’s',
  );
});
