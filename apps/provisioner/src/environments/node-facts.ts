import { decideNode, idTime, type NodeDecision, type NodeFacts } from '@cloudhero/domain';
import type { EnvironmentRow, EnvironmentWork, NodeRow } from '@cloudhero/persistence';

/** No cloud takes longer to bring a server up and give it an address. */
const LAUNCH_PATIENCE_MS = 15 * 60_000;

export interface DecidedNode {
  node: NodeRow;
  decision: NodeDecision;
}

/** What is to be done next for every node of an environment. `now`: the database's time. */
export function decideNodes({ environment, nodes }: EnvironmentWork, now: number): DecidedNode[] {
  return nodes.map((node) => ({ node, decision: decideNode(factsOf(environment, node, now)) }));
}

function factsOf(environment: EnvironmentRow, node: NodeRow, now: number): NodeFacts {
  const deleted = environment.desired === 'absent';
  // Nothing can be done with a server that runs but has no address yet.
  const starting = node.serverState === 'running' && !node.publicIp && node.desired === 'running';
  return {
    desired: deleted ? 'absent' : node.desired,
    phase: node.phase,
    failure: node.lastErrorCode,
    launchId: node.launchId,
    serverId: node.providerServerId,
    server: starting ? 'pending' : node.serverState,
    noRoom: node.lostFor === 'capacity',
    // A cluster that is deleted as a whole need not be left first.
    inCluster: !deleted && node.clusterNodeId !== null,
    overdue: node.launchId !== null && now - idTime(node.launchId) > LAUNCH_PATIENCE_MS,
    repair: environment.repair,
    asked: node.generation > node.actedGeneration,
  };
}
