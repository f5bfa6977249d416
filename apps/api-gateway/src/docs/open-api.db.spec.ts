import { RouteTable } from '../http/route-table';
import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  responses: Record<string, { content?: unknown }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

/** Pages rather than the API. */
const PAGES = /^\/(docs|admin|openapi\.)/;
let gateway: TestGateway;

describeWithServices('the OpenAPI document', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it('tells of every route, what it answers and what can go wrong', async () => {
    const { paths, components } = (await gateway.call('/openapi.json')).body as Document;
    const routes = gateway.app
      .get(RouteTable)
      .routes.filter(({ method, url }) => method !== 'HEAD' && !PAGES.test(url) && url !== '*');
    expect(routes.length).toBeGreaterThan(30);
    for (const { method, url } of routes) {
      const path = url.replace(/:(\w+)/g, '{$1}');
      const operation = paths[path]?.[method.toLowerCase()];
      expect([method, path, operation?.summary, operation?.tags]).toEqual([
        method,
        path,
        expect.any(String),
        [expect.any(String)],
      ]);
      const statuses = Object.keys(operation?.responses ?? {});
      const closed = operation?.security === undefined;
      expect(statuses).toEqual(expect.arrayContaining(closed ? ['401', '429', '503'] : ['503']));
    }
    // Every reference leads somewhere.
    const text = JSON.stringify(paths) + JSON.stringify(components);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      expect(components.schemas).toHaveProperty([name ?? '']);
    }
  });

  it('tells of both answers to adding a cloud', async () => {
    const { paths } = (await gateway.call('/openapi.json')).body as Document;
    const $ref = '#/components/schemas/ProviderDto';
    expect(paths['/providers']?.['post']?.responses['201']?.content).toEqual({
      'application/json': { schema: { oneOf: [{ type: 'array', items: { $ref } }, { $ref }] } },
    });
  });

  it('has a page for people', async () => {
    const page = await gateway.call('/docs');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('swagger-ui')]);
  });
});
