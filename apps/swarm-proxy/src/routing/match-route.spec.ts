import { matchRoute } from './match-route';
import { ROUTES } from './route-table';

it.each([
  ['GET', '/containers/json', 'container-list', ''],
  ['GET', '/containers/json/json', 'container-inspect', 'json'],
  ['GET', '/containers/node1/web/json', 'container-inspect', 'node1/web'],
  ['DELETE', '/containers/web', 'container-remove', 'web'],
  ['POST', '/containers/create', 'container-create', ''],
  ['GET', '/images/get', 'image-export', ''],
  ['GET', '/images/host:5000/team/web:1/json', 'image', 'host:5000/team/web:1'],
  ['DELETE', '/images/team/web', 'image-all-holders', 'team/web'],
  ['POST', '/networks/create', 'network-create', ''],
  ['POST', '/networks/n/connect', 'network-member', 'n'],
  ['POST', '/swarm/leave', 'deny-membership', ''],
  ['DELETE', '/nodes/abc', 'deny-membership', 'abc'],
  ['POST', '/services/create', 'manager', ''],
])('%s %s is %s', (method, path, action, name) => {
  expect(matchRoute(method, path)).toMatchObject({ route: { action }, name });
});

it('lets unknown paths be read, by full keys, and never written', () => {
  expect(matchRoute('GET', '/new/things').route).toMatchObject({ kind: 'any-node', secret: true });
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
    expect(matchRoute(method, '/new/things').route.kind).toBe('denied');
  }
});

it('matches every entry of the table by itself', () => {
  for (const route of ROUTES) {
    const path = route.path.replace(/\{\w+\}/, 'some/name');
    expect(matchRoute(route.method, path).route).toBe(route);
  }
});

it('has each method and path once', () => {
  const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
});
