import { decideNode, idTime, type NodeDecision } from '@cloudhero/domain';
import type { EnvironmentRow, EnvironmentWork, NodeRow } from '@cloudhero/persistence';

/** No cloud takes longer to bring a server up and give it an address. */
const LAUNCH_PATIENCE_MS = 15 * 60_000;

export interface DecidedNode {
  node: NodeRow;
  decision: NodeDecision;
}

/** What is to be done next for every node of an environment. */
export function decideNodes({ environment, nodes }: EnvironmentWork): DecidedNode[] {
  return nodes.map((node) => ({ node, decision: decideNode(factsOf(environment, node)) }));
}

function factsOf(environment: EnvironmentRow, node: NodeRow) {
  const deleted = environment.desired === 'absent';
  // Nothing can be done with a server that runs but has no address yet.
  const starting = node.serverState === 'running' && !node.publicIp && node.desired === 'running';
  return {
    desired: deleted ? 'absent' : node.desired,
    phase: node.phase,
    launchId: node.launchId,
    serverId: node.providerServerId,
    server: starting ? 'pending' : node.serverState,
    // A cluster that is deleted as a whole need not be left first.
    inCluster: !deleted && node.clusterNodeId !== null,
    overdue: node.launchId !== null && Date.now() - idTime(node.launchId) > LAUNCH_PATIENCE_MS,
  } as const;
}
