import type { NodePhase } from '@cloudhero/domain';
import type { NodeChange, NodeRow } from '@cloudhero/persistence';
import { isInVain, type DecidedNode } from './node-facts';

/** What has to be saved for decisions that need nothing from the cloud. `now`: the database's time. */
export function advanceNodes(decided: readonly DecidedNode[], now: number): NodeChange[] {
  return decided.flatMap(({ node, decision }) => {
    if (decision.do === 'advance') return [advanceTo(node, decision.to, new Date(now))];
    return decision.do === 'fail' ? [failed(node, decision.code)] : [];
  });
}

function advanceTo(node: NodeRow, phase: NodePhase, now: Date): NodeChange {
  const change = (message: string, patch: NodeChange['patch'] = {}): NodeChange => ({
    node,
    patch: { phase, lastErrorCode: null, lastErrorMessage: null, attempts: 0, ...patch },
    event: { type: 'phase', message },
  });
  switch (phase) {
    case 'booting':
      return change(`The server runs at ${node.publicIp}; waiting for it to boot.`, {
        nextReconcileAt: now,
      });
    case 'stopped':
      return change('The server is stopped.', { actedGeneration: node.generation });
    case 'absent':
      return change('The node is gone.', { absentAt: now, nextReconcileAt: null });
    default:
      return change(`The node is ${phase}.`);
  }
}

const NEW_ONE = 'Delete the node, or the environment, and create it again.';
const REASONS = {
  server_lost: `and nobody asked us to delete it. ${NEW_ONE} With "repair": true it is replaced.`,
  server_stopped:
    'and nobody asked us to stop it. Start the environment, or the server at the cloud. With "repair": true it is started again.',
  boot_timeout: `long after its launch, without an address at which it could be reached. ${NEW_ONE}`,
};

const IN_VAIN = `as those before it, and none of them ever ran. Look at the account’s limits and keys at the cloud. ${NEW_ONE}`;

function failed(node: NodeRow, code: keyof typeof REASONS): NodeChange {
  const reason = code === 'server_lost' && isInVain(node) ? IN_VAIN : REASONS[code];
  const message = `The cloud shows server ${node.providerServerId} as ${node.serverState}, ${reason}`;
  return {
    node,
    patch: {
      phase: 'failed',
      lastErrorCode: code,
      lastErrorMessage: message,
      nextReconcileAt: null,
      nextCheckAt: null,
      // What the customer asks for from now on is news.
      actedGeneration: node.generation,
      attempts: node.phase === 'launching' ? node.attempts : 0,
    },
    event: { type: code === 'boot_timeout' ? 'error' : 'drift', code, message },
  };
}
