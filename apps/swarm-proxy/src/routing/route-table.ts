/**
 * Which node or nodes a call goes to.
 * - `owner`: the one that has the container, exec, image, volume or network named in the path
 * - `merged`: every node, their answers made one
 * - `scheduled`: one that is chosen
 * - `everywhere`: every node does the same
 * - `cluster`: a reachable manager of the swarm
 * - `any-node`: whichever is up; the answer is the same from each
 * - `local`: answered here
 * - `denied`: would break what CloudHero manages, or cannot be done for a cluster
 */
export type RouteKind =
  'owner' | 'merged' | 'scheduled' | 'everywhere' | 'cluster' | 'any-node' | 'local' | 'denied';

/** What is done with a call; every value has its handler (`handlers/handlers.ts`). */
export type Action =
  | 'ping'
  | 'any-node'
  | 'manager'
  | 'deny-membership'
  | 'deny'
  | 'container'
  | 'container-inspect'
  | 'container-remove'
  | 'container-rename'
  | 'container-create'
  | 'container-list'
  | 'container-prune'
  | 'commit'
  | 'exec-create'
  | 'exec'
  | 'image'
  | 'image-list'
  | 'image-all-holders'
  | 'image-pull'
  | 'image-load'
  | 'image-export'
  | 'image-push'
  | 'build'
  | 'volume'
  | 'volume-list'
  | 'volume-create'
  | 'network'
  | 'network-list'
  | 'network-create'
  | 'network-member'
  | 'prune'
  | 'info'
  | 'version'
  | 'events'
  | 'disk-usage';

export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** As in Docker's description of the API; the part in braces may contain slashes. */
  path: string;
  kind: RouteKind;
  action: Action;
  /** Shows secrets: not for keys that may only read. */
  secret?: true;
}

const route = (method: Route['method'], path: string, kind: RouteKind, action: Action): Route => ({
  method,
  path,
  kind,
  action,
});
const container = (method: Route['method'], verb: string, action: Action = 'container') =>
  route(method, `/containers/{id}${verb}`, 'owner', action);
const manager = (method: Route['method'], path: string) =>
  route(method, path, 'cluster', 'manager');

/** Every path of the Engine API 1.41 (and HEAD where the engine has it). */
export const ROUTES: readonly Route[] = [
  route('GET', '/_ping', 'local', 'ping'),
  route('HEAD', '/_ping', 'local', 'ping'),
  route('GET', '/version', 'merged', 'version'),
  route('GET', '/info', 'merged', 'info'),
  route('GET', '/events', 'merged', 'events'),
  route('GET', '/system/df', 'merged', 'disk-usage'),
  route('POST', '/auth', 'any-node', 'any-node'),

  route('GET', '/containers/json', 'merged', 'container-list'),
  route('POST', '/containers/create', 'scheduled', 'container-create'),
  route('POST', '/containers/prune', 'merged', 'container-prune'),
  container('GET', '/json', 'container-inspect'),
  container('GET', '/top'),
  container('GET', '/logs'),
  container('GET', '/changes'),
  container('GET', '/export'),
  container('GET', '/stats'),
  container('POST', '/resize'),
  container('POST', '/start'),
  container('POST', '/stop'),
  container('POST', '/restart'),
  container('POST', '/kill'),
  container('POST', '/update'),
  container('POST', '/rename', 'container-rename'),
  container('POST', '/pause'),
  container('POST', '/unpause'),
  container('POST', '/attach'),
  container('GET', '/attach/ws'),
  container('POST', '/wait'),
  container('HEAD', '/archive'),
  container('GET', '/archive'),
  container('PUT', '/archive'),
  container('POST', '/exec', 'exec-create'),
  container('DELETE', '', 'container-remove'),
  route('POST', '/exec/{id}/start', 'owner', 'exec'),
  route('POST', '/exec/{id}/resize', 'owner', 'exec'),
  route('GET', '/exec/{id}/json', 'owner', 'exec'),

  route('GET', '/images/json', 'merged', 'image-list'),
  route('POST', '/images/create', 'everywhere', 'image-pull'),
  route('POST', '/images/load', 'everywhere', 'image-load'),
  route('POST', '/images/prune', 'merged', 'prune'),
  route('GET', '/images/search', 'any-node', 'any-node'),
  route('GET', '/images/get', 'owner', 'image-export'),
  route('GET', '/images/{name}/get', 'owner', 'image'),
  route('GET', '/images/{name}/json', 'owner', 'image'),
  route('GET', '/images/{name}/history', 'owner', 'image'),
  route('POST', '/images/{name}/push', 'owner', 'image-push'),
  route('POST', '/images/{name}/tag', 'everywhere', 'image-all-holders'),
  route('DELETE', '/images/{name}', 'everywhere', 'image-all-holders'),
  route('POST', '/build', 'scheduled', 'build'),
  route('POST', '/build/prune', 'merged', 'prune'),
  route('POST', '/session', 'scheduled', 'build'),
  route('POST', '/grpc', 'scheduled', 'build'),
  route('POST', '/commit', 'owner', 'commit'),
  route('GET', '/distribution/{name}/json', 'any-node', 'any-node'),

  route('GET', '/volumes', 'merged', 'volume-list'),
  route('POST', '/volumes/create', 'scheduled', 'volume-create'),
  route('POST', '/volumes/prune', 'merged', 'prune'),
  route('GET', '/volumes/{name}', 'owner', 'volume'),
  route('PUT', '/volumes/{name}', 'owner', 'volume'),
  route('DELETE', '/volumes/{name}', 'owner', 'volume'),

  route('GET', '/networks', 'merged', 'network-list'),
  route('POST', '/networks/create', 'scheduled', 'network-create'),
  route('POST', '/networks/prune', 'merged', 'prune'),
  route('GET', '/networks/{id}', 'owner', 'network'),
  route('DELETE', '/networks/{id}', 'owner', 'network'),
  route('POST', '/networks/{id}/connect', 'owner', 'network-member'),
  route('POST', '/networks/{id}/disconnect', 'owner', 'network-member'),

  { ...manager('GET', '/swarm'), secret: true },
  { ...manager('GET', '/swarm/unlockkey'), secret: true },
  route('POST', '/swarm/init', 'denied', 'deny-membership'),
  route('POST', '/swarm/join', 'denied', 'deny-membership'),
  route('POST', '/swarm/leave', 'denied', 'deny-membership'),
  route('POST', '/swarm/update', 'denied', 'deny-membership'),
  route('POST', '/swarm/unlock', 'denied', 'deny-membership'),
  manager('GET', '/nodes'),
  manager('GET', '/nodes/{id}'),
  route('DELETE', '/nodes/{id}', 'denied', 'deny-membership'),
  manager('POST', '/nodes/{id}/update'),
  manager('GET', '/services'),
  manager('POST', '/services/create'),
  manager('GET', '/services/{id}'),
  manager('DELETE', '/services/{id}'),
  manager('POST', '/services/{id}/update'),
  manager('GET', '/services/{id}/logs'),
  manager('GET', '/tasks'),
  manager('GET', '/tasks/{id}'),
  manager('GET', '/tasks/{id}/logs'),
  ...(['/secrets', '/configs'] as const).flatMap((path) => [
    manager('GET', path),
    manager('POST', `${path}/create`),
    manager('GET', `${path}/{id}`),
    manager('DELETE', `${path}/{id}`),
    manager('POST', `${path}/{id}/update`),
  ]),

  route('GET', '/plugins', 'any-node', 'any-node'),
  route('GET', '/plugins/privileges', 'any-node', 'any-node'),
  route('GET', '/plugins/{name}/json', 'any-node', 'any-node'),
  route('POST', '/plugins/pull', 'denied', 'deny'),
  route('POST', '/plugins/create', 'denied', 'deny'),
  route('POST', '/plugins/{name}/enable', 'denied', 'deny'),
  route('POST', '/plugins/{name}/disable', 'denied', 'deny'),
  route('POST', '/plugins/{name}/upgrade', 'denied', 'deny'),
  route('POST', '/plugins/{name}/push', 'denied', 'deny'),
  route('POST', '/plugins/{name}/set', 'denied', 'deny'),
  route('DELETE', '/plugins/{name}', 'denied', 'deny'),
];
