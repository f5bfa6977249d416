import { decideNode, idTime, type NodeDecision, type NodeFacts } from '@cloudhero/domain';
import type { EnvironmentRow, EnvironmentWork, NodeRow } from '@cloudhero/persistence';

/** No cloud takes longer to bring a server up and give it an address. */
const LAUNCH_PATIENCE_MS = 15 * 60_000;
/** So many servers of a node in a row that never came to run are no accident. */
const MOST_IN_VAIN = 3;

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
    overdue: now - launchedAt(node) > LAUNCH_PATIENCE_MS,
    repair: environment.repair,
    inVain: isInVain(node),
    asked: node.generation > node.actedGeneration,
  };
}

/** A launch can be written down long before its cloud takes it; then it was shown for the first time. */
export function launchedAt({ launchId, observedAt }: NodeRow): number {
  return Math.max(launchId ? idTime(launchId) : 0, observedAt?.getTime() ?? 0);
}

/** Until a server runs, a node's attempts are the servers before it that did not; see `replaced`. */
export function isInVain({ phase, lastErrorCode, attempts }: NodeRow): boolean {
  const isLost = phase === 'failed' && lastErrorCode === 'server_lost';
  return (phase === 'launching' || isLost) && attempts >= MOST_IN_VAIN;
}
