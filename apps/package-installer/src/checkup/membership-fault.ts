import type { EngineSwarmInfo, SwarmNode } from '@cloudhero/docker';
import type { Fault } from './judge-checkup';

const REJOIN = 'Start the environment again to bring it back, or have environments repaired.';
const NETWORK =
  'Is the private network between the nodes in order (ports 2377, 7946 and 4789)? The node is taken back when it is.';

/**
 * What is wrong with a member of an environment's Docker cluster, as its own engine sees it and as a
 * manager's list of members does, where one answers. `hasManager`: another node of the environment is
 * one, or will be again. Null: nothing.
 */
export function membershipFault(
  { clusterNodeId, hasManager }: { clusterNodeId: string | null; hasManager: boolean },
  swarm: EngineSwarmInfo,
  members: readonly SwarmNode[] | null,
): Fault | null {
  const fault = (mendable: boolean, message: string): Fault => ({
    code: 'not_in_cluster',
    mendable,
    message,
    advice: mendable ? REJOIN : NETWORK,
  });
  if (clusterNodeId === null) return null;
  if (swarm.LocalNodeState === 'inactive') {
    return fault(true, 'The node has left its Docker cluster.');
  }
  if (swarm.NodeID !== clusterNodeId) {
    return fault(true, 'The node is in another Docker cluster than its environment’s.');
  }
  if (!swarm.ControlAvailable && !hasManager) {
    return fault(true, 'The node’s Docker cluster has lost its managers.');
  }
  if (members) {
    const member = members.find(({ ID }) => ID === clusterNodeId);
    if (!member) return fault(true, 'The node was removed from its Docker cluster.');
    if (member.Status.State === 'down' || member.Status.State === 'disconnected') {
      return fault(false, 'The node is cut off from its Docker cluster.');
    }
  }
  if (swarm.LocalNodeState === 'active' && !(swarm.ControlAvailable && swarm.Error)) return null;
  const reason = swarm.Error || `the engine says ${swarm.LocalNodeState}`;
  return fault(false, `The node is cut off from its Docker cluster: ${reason}.`);
}
