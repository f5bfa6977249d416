/**
 * A cloud as the drivers know it, as small as can be. A server is `{launch, node, state, visible}`
 * under its id. `idempotent`: it knows a repeat by its launch, as EC2 does; DigitalOcean does not.
 */

const ALIVE = new Set(['pending', 'running', 'stopping', 'stopped']);
export const isAlive = ({ state }) => ALIVE.has(state);

const serversOf = (cloud, launch) =>
  Object.entries(cloud.servers).filter(([, server]) => server.launch === launch);

/**
 * Carries a launch out, as the driver does. @returns the server of each node, by the node's index; or
 * the code of a refusal.
 */
export function launch(cloud, { id, nodes, first }, { idempotent, noRoom }) {
  const made = serversOf(cloud, id);
  const known = idempotent ? made : first ? [] : made.filter(([, { visible }]) => visible);
  const missing = nodes.filter((node) => !known.some(([, server]) => server.node === node));
  if (idempotent ? made.length === 0 : missing.length > 0) {
    if (noRoom) return { refused: 'capacity_unavailable' };
    for (const node of missing) {
      const serverId = String(Object.keys(cloud.servers).length + 1);
      cloud.servers[serverId] = { launch: id, node, state: 'pending', visible: false };
      known.push([serverId, cloud.servers[serverId]]);
    }
  }
  const byNode = known.map(([serverId, { node, state }]) => [node, { id: serverId, state }]);
  return { servers: Object.fromEntries(byNode) };
}

/** Stops, starts or terminates; null for a server that the cloud does not know (yet, or any more). */
export function change(cloud, action, serverId) {
  const server = cloud.servers[serverId];
  if (!server?.visible || server.state === 'removed') return null;
  const becomes = {
    terminate: (state) => (ALIVE.has(state) ? 'shutting-down' : state),
    stop: (state) => (state === 'running' ? 'stopping' : state),
    start: (state) => (state === 'stopped' ? 'pending' : state),
  };
  server.state = becomes[action](server.state);
  return server.state;
}

/** What a list shows; servers that are gone from it are gone from the cloud. */
export function list(cloud) {
  return Object.entries(cloud.servers)
    .filter(([, { visible, state }]) => visible && state !== 'removed')
    .map(([id, { launch: launchId, node, state, noRoom }]) => ({
      id,
      launch: launchId,
      node,
      state,
      noRoom: noRoom ?? false,
    }));
}

/** What becomes of servers by themselves: `[what, what it does]`. */
export function evolutions(cloud, { keepsTerminated }) {
  const next = {
    pending: 'running',
    stopping: 'stopped',
    'shutting-down': keepsTerminated ? 'terminated' : 'removed',
  };
  return Object.entries(cloud.servers).flatMap(([id, { state, visible }]) => {
    const found = [];
    // Shown when it runs: that it is shown before makes no difference to anybody.
    if (!visible) found.push([`${id} is shown`, { visible: true, state: next[state] ?? state }]);
    else if (next[state]) found.push([`${id} is ${next[state]}`, { state: next[state] }]);
    return found.map(([what, patch]) => [what, id, patch]);
  });
}
