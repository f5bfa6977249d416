import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EventFeed } from './event-feed';

const server = process.env['CLOUDHERO_TEST_DATABASE_URL'];
const describeWithPostgres = server ? describe : describe.skip;

describe('the feed of events', () => {
  it('tries once a second, not ever more often, while Postgres refuses it', async () => {
    let attempts = 0;
    const refusing = createServer((socket) => {
      attempts += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const feed = new EventFeed(`postgresql://nobody:nothing@127.0.0.1:${String(port)}/none`);
    await feed.start();
    await sleep(4500);
    await feed.close();
    refusing.close();
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThan(7);
  });
});

describeWithPostgres('the feed of events, when its connection is cut', () => {
  it('wakes everybody once it listens again, and tells what comes then', async () => {
    const admin = new Client({ connectionString: server });
    await admin.connect();
    const feed = new EventFeed(server ?? '');
    await feed.start();
    const cut = feed.next('one', 10_000);
    const began = Date.now();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN node_event'`,
    );
    await cut;
    const told = feed.next('one', 10_000);
    await admin.query(`SELECT pg_notify('node_event', 'one')`);
    await told;
    expect(Date.now() - began).toBeLessThan(5000);
    await feed.close();
    await admin.end();
  });
});
