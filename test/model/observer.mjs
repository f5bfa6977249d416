import { change, isAlive, list } from './cloud.mjs';
import { copy } from './copy.mjs';

/**
 * Looks at the cloud, as the provisioner's observer does: a list first, then the rows are held against
 * it, which may be old by then; then servers that nobody was given are deleted.
 */
export function observerSteps(state, { oldLists }) {
  const { observer, environment } = state;
  const step = (what, work) => {
    const after = copy(state);
    after.observer = work(after) ?? { at: 'idle' };
    return [[what, after]];
  };
  const hold = (servers) =>
    step('the rows are held against a list', (after) => {
      apply(after, servers);
      const strays = straysOf(after, servers);
      return strays.length > 0 ? { at: 'strays', strays } : undefined;
    });
  if (observer.at === 'listed') return hold(observer.servers);
  if (observer.at === 'strays')
    return step('servers that are nobody’s are deleted', (after) => {
      for (const id of observer.strays) change(after.cloud, 'terminate', id);
    });
  const servers = list(state.cloud);
  if (environment.closed || isUpToDate(state, servers)) return [];
  return oldLists
    ? step('the cloud is asked for a list', () => ({ at: 'listed', servers }))
    : hold(servers);
}

function apply({ nodes, launches, cloud }, servers) {
  for (const node of nodes) {
    if (!node.server || node.phase === 'absent') continue;
    const id = String(node.server);
    const shown = servers.find((server) => server.id === id) ?? find(cloud, id);
    if (shown) Object.assign(node, { state: shown.state, noRoom: shown.noRoom });
    // Not shown yet is not gone: it is given up only when it cannot be new any more.
    else if (cloud.servers[id].state === 'removed')
      node.state = node.state === 'shutting-down' ? 'terminated' : 'missing';
  }
  adopt(nodes, launches, servers);
}

const find = (cloud, id) => list(cloud).find((server) => server.id === id);

/** Servers of launches that were given up on while their outcome was open. */
function adopt(nodes, launches, servers) {
  nodes.forEach((node, index) => {
    if (node.phase !== 'failed' || node.server || !node.launch) return;
    const made = servers.find(
      ({ id, launch, node: of, ...server }) =>
        launch === node.launch && of === index && isAlive(server) && !has(nodes, id),
    );
    if (made) Object.assign(node, { server: Number(made.id), state: made.state, asked: false });
  });
}

const has = (nodes, id) => nodes.some(({ server }) => String(server) === id);

function straysOf({ nodes, launches }, servers) {
  return servers
    .filter((server) => isAlive(server) && launches[server.launch]?.state !== 'pending')
    .filter(({ id, launch }) => launches[launch] && !has(nodes, id))
    .map(({ id }) => id);
}

/** Whether a look would change nothing; such looks are left out, as they lead back to the same state. */
function isUpToDate(state, servers) {
  const after = copy(state);
  apply(after, servers);
  return (
    JSON.stringify(after.nodes) === JSON.stringify(state.nodes) &&
    straysOf(state, servers).length === 0
  );
}
