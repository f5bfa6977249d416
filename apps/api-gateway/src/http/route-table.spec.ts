import { RouteTable } from './route-table';

const table = new RouteTable();
table.add({ method: 'GET', url: '/environments/:id' });
table.add({ method: 'DELETE', url: '/environments/:id' });
table.add({ method: 'GET', url: '/docs/*' });
table.add({ method: 'GET', url: '/openapi.json' });

it.each([
  ['/environments/1', ['DELETE', 'GET']],
  ['/environments/1?x=/y', ['DELETE', 'GET']],
  ['/environments/1/2', []],
  ['/environments/', []],
  ['/docs/a/b', ['GET']],
  ['/openapiXjson', []],
])('%s answers %j', (url, methods) => {
  expect(table.methodsOf(url)).toEqual(methods);
});
