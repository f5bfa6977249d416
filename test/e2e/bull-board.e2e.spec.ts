import { call } from './support/http';
import { stack } from './support/stack';

describe('Bull Board', () => {
  const operator = (password: string) => ({
    authorization: `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`,
  });

  it.each([
    ['GET', ''],
    ['GET', '/'],
    ['GET', '/api/queues'],
    ['GET', '/api/queues?activeQueue=cloud.question&page=1'],
    ['GET', '/static/favicon-32x32.png'],
    ['GET', '/queue/cloud.question'],
    ['GET', '/no/such/path'],
    ['GET', '//api/queues'],
    ['GET', '/%61pi/queues'],
    ['PUT', '/api/queues/node.reconcile/pause'],
    ['PUT', '/api/queues/node.reconcile/empty'],
    ['POST', '/api/queues/node.reconcile/add'],
    ['OPTIONS', '/api/queues'],
  ])('refuses %s /admin/queues%s without a login', async (method, path) => {
    const { status, body } = await call(stack.url, method, `/admin/queues${path}`);
    expect([401, 404]).toContain(status);
    expect(JSON.stringify(body)).not.toMatch(/"queues"|<html/);
    const wrong = await call(stack.url, method, `/admin/queues${path}`, {
      headers: operator('not the password'),
    });
    expect([401, 404, 429]).toContain(wrong.status);
  });

  it('opens to the operator', async () => {
    const headers = operator(stack.config.secrets.operatorPassword);
    const page = await call(stack.url, 'GET', '/admin/queues', { headers });
    expect([200, 302]).toContain(page.status);
    const queues = await call<{ queues: object[] }>(stack.url, 'GET', '/admin/queues/api/queues', {
      headers,
    });
    expect(queues.status).toBe(200);
    expect(queues.body.queues.length).toBeGreaterThan(0);
  });
});
