import { connect } from 'node:net';
import { describeWithServices } from '../testing/services';
import { OPERATOR, TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
const login = `Basic ${Buffer.from(OPERATOR).toString('base64')}`;

/** The status of a request whose path is sent exactly as it is written. */
function raw(method: string, path: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.end(
      `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
  });
}

describeWithServices('the operator’s pages', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it.each([
    ['GET', '/admin/queues'],
    ['GET', '/admin/queues/'],
    ['GET', '/admin/queues/api/queues'],
    ['GET', '/admin/queues/api/queues?page=1'],
    ['GET', '//admin/queues/api/queues'],
    ['GET', '/admin//queues/api/queues'],
    ['GET', '/admin/%71ueues/api/queues'],
    ['GET', '/%61dmin/queues/api/queues'],
    ['GET', '/ADMIN/queues/api/queues'],
    ['GET', '/admin/queues/static/'],
    ['GET', '/admin/queues/../queues/api/queues'],
    ['GET', '/x/../admin/queues/api/queues'],
    ['GET', '/admin/queues/nothing/here'],
    ['GET', 'http://x/admin/queues/api/queues'],
    ['HEAD', '/admin/queues/api/queues'],
    ['PUT', '/admin/queues/api/queues/environment.reconcile/pause'],
    ['PUT', '/admin/queues/api/queues/pause'],
    ['PUT', '/admin/queues/api/queues/cloud.ask/clean/completed'],
  ])('%s %s shows and does nothing without the login', async (method, path) => {
    const answer = await raw(method, path);
    expect(answer.split('\r\n')[0]).toMatch(/ (401|404) /);
    expect(answer).not.toContain('environment.reconcile"');
    for (const queue of gateway.resources.waker.all) expect(await queue.isPaused()).toBe(false);
  });

  it('a wrong login and an API key are refused, the right one is let in', async () => {
    const path = '/admin/queues/api/queues';
    const key = await gateway.register();
    for (const authorization of ['Basic YTpi', 'Basic', key, `Bearer ${key}`]) {
      const refused = await gateway.call(path, { headers: { authorization } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('Basic');
    }
    const board = await gateway.call('/admin/queues', { headers: { authorization: login } });
    expect([board.status, board.text]).toEqual([200, expect.stringContaining('CloudHero queues')]);
    const queues = await gateway.call(path, { headers: { authorization: login } });
    expect(queues.body).toMatchObject({ queues: { length: 4 } });
  });
});
