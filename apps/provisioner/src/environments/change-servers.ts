import type { CloudDriver, StateChange } from '@cloudhero/cloud';
import type { NodePhase } from '@cloudhero/domain';
import {
  type NodeRepository,
  type NodeChange,
  type NodeEventInput,
  type NodeRow,
} from '@cloudhero/persistence';

export type ServerAction = 'stop' | 'start' | 'terminate';

const PHASES: Record<ServerAction, NodePhase> = {
  stop: 'stopping',
  start: 'starting',
  terminate: 'terminating',
};
const MESSAGES: Record<ServerAction, string> = {
  stop: 'Stopping the server.',
  start: 'Starting the server.',
  terminate: 'Deleting the server.',
};

/**
 * Stops, starts or terminates nodes' servers in one call and writes down what the cloud said.
 * @returns whether anything is different now.
 */
export async function changeServers(
  action: ServerAction,
  region: string,
  nodes: readonly NodeRow[],
  driver: CloudDriver,
  repository: NodeRepository,
): Promise<boolean> {
  if (nodes.length === 0) return false;
  const ids = nodes.map((node) => node.providerServerId ?? '');
  const answers = new Map((await driver[action](region, ids)).map((change) => [change.id, change]));
  const changes = nodes.flatMap((node) => {
    const change = changeOf(action, node, answers.get(node.providerServerId ?? ''));
    return change ? [change] : [];
  });
  // No look that began before this may undo it.
  const observedAt = new Date(repository.now());
  await repository.saveAll(
    changes.map((change) => ({ ...change, patch: { ...change.patch, observedAt } })),
  );
  return changes.length > 0;
}

function changeOf(
  action: ServerAction,
  node: NodeRow,
  answer: StateChange | undefined,
): NodeChange | null {
  const phase = PHASES[action];
  const serverState = answer?.current ?? node.serverState;
  if (node.phase === phase && node.actedGeneration === node.generation) {
    // A repeat: only news is worth a write.
    return serverState === node.serverState ? null : { node, patch: { serverState } };
  }
  // A server that the cloud does not know cannot be stopped or started; observing will tell.
  if (!answer && action !== 'terminate') return null;
  return {
    node,
    patch: {
      phase,
      serverState,
      lastErrorCode: null,
      lastErrorMessage: null,
      nextCheckAt: null,
      previousState: answer?.previous ?? node.serverState,
      actedGeneration: node.generation,
    },
    ...(node.phase === phase ? {} : { event: eventOf(action, node) }),
  };
}

/** Whatever nobody asked for is told of as drift. */
function eventOf(action: ServerAction, node: NodeRow): NodeEventInput {
  const mending = action === 'start' && !['stopped', 'stopping'].includes(node.phase);
  if (!mending || node.generation > node.actedGeneration) {
    return { type: 'phase', message: MESSAGES[action] };
  }
  const message = `Server ${node.providerServerId} was stopped, and nobody asked us to: starting it again.`;
  return { type: 'drift', code: 'server_stopped', message };
}
