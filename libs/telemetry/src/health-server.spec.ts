import type { AddressInfo } from 'node:net';
import { serveHealth } from './health-server';

it('is ready only while all that it needs answers', async () => {
  let redis = true;
  const server = await serveHealth('127.0.0.1', 0, {
    postgres: () => Promise.resolve(true),
    redis: () => (redis ? Promise.resolve(true) : Promise.reject(new Error('gone'))),
  });
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await ask('/health/live')).status).toBe(200);
  expect((await ask('/health/ready')).status).toBe(200);
  redis = false;
  const unready = await ask('/health/ready');
  expect([unready.status, unready.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await unready.json()).toEqual({ status: 'unavailable', postgres: 'up', redis: 'down' });
  expect((await ask('/health/live')).status).toBe(200);
  server.close();
  server.closeAllConnections();
});
