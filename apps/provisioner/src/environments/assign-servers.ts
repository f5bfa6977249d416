import type { ObservedServer } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';

export interface Assignment {
  node: NodeRow;
  server: ObservedServer;
}

/**
 * Which of a launch's servers is for which of its nodes: one that carries a node's name is that
 * node's; the others are alike, and the order of their ids makes a repeat agree with itself.
 */
export function assignServers(
  nodes: readonly NodeRow[],
  servers: readonly ObservedServer[],
): Assignment[] {
  const free = new Map([...servers].sort(byId).map((server) => [server.id, server]));
  const named = new Map(servers.map((server) => [server.name, server]));
  const pairs = new Map<NodeRow, ObservedServer>();
  for (const node of nodes) {
    const own = named.get(node.serverName);
    if (own && free.delete(own.id)) pairs.set(node, own);
  }
  for (const node of nodes) {
    const [next] = pairs.has(node) ? [] : free.values();
    if (next && free.delete(next.id)) pairs.set(node, next);
  }
  return nodes.flatMap((node) => {
    const server = pairs.get(node);
    return server ? [{ node, server }] : [];
  });
}

const byId = (a: ObservedServer, b: ObservedServer) => (a.id < b.id ? -1 : 1);
