import type { ObservedServer } from '@cloudhero/domain';
import type { NodeChange, NodeRow } from '@cloudhero/persistence';
import { assignServers } from '../environments/assign-servers';

/**
 * Servers of launches that were given up on while their outcome was open: they are there after all,
 * so their nodes, failed as they are, must show them. Nobody pays for a server that cannot be seen.
 */
export function adoptServers({
  nodes,
  servers,
}: {
  nodes: readonly NodeRow[];
  servers: readonly ObservedServer[];
}): NodeChange[] {
  const launches = new Map<string, NodeRow[]>();
  for (const node of nodes) {
    const id = node.launchId ?? '';
    launches.set(id, [...(launches.get(id) ?? []), node]);
  }
  return [...launches].flatMap(([launchId, waiting]) => {
    const made = servers.filter((server) => server.launchId === launchId && isAlive(server));
    return assignServers(waiting, made).map(({ node, server }): NodeChange => {
      const message = `The cloud has made server ${server.id} after all. Delete the node to be rid of it.`;
      return {
        node,
        patch: {
          providerServerId: server.id,
          serverState: server.state,
          publicIp: server.publicIp ?? null,
          privateIp: server.privateIp ?? null,
          serverSize: server.size ?? null,
          actedGeneration: node.generation,
        },
        event: { type: 'drift', code: 'server_found', message },
      };
    });
  });
}

const isAlive = ({ state }: ObservedServer) => state !== 'terminated' && state !== 'shutting-down';
