import { providerKey, SERVER_STATE_CODES, type ServerState } from '@cloudhero/domain';
import type { NodeRow, TenantEnvironment } from '@cloudhero/persistence';
import { createHash } from 'node:crypto';

/** What `std_out` needs to know beside the servers. */
export type Frame = Pick<TenantEnvironment, 'provider'> & { account: string };

/** `{"std_out": {"<account>-<provider>": {"ec2": {<server's name>: …}}}, "success": true}` */
export function printServers<T>(
  { provider, account }: Frame,
  nodes: readonly NodeRow[],
  print: (node: NodeRow) => T,
) {
  const servers = nodes.filter((node) => node.providerServerId !== null);
  const printed = Object.fromEntries(servers.map((node) => [node.serverName, print(node)]));
  return {
    std_out: { [providerKey(account, provider.name)]: { [provider.type]: printed } },
    success: true as const,
  };
}

/** One server as the reference's query shows it. */
export function printServer(node: NodeRow) {
  return {
    private_ips: node.privateIp ?? '',
    image: node.image ?? '',
    state: stateOf(node),
    public_ips: node.publicIp ?? '',
    size: node.serverSize ?? node.size,
    id: node.providerServerId ?? '',
    name: node.serverName,
  };
}

/**
 * A server's change of state. `settled`: nothing was asked of it now, so it was before what it is,
 * unless it is still on its way.
 */
export function printChange(node: NodeRow, { settled = false } = {}) {
  const current = stateOf(node);
  const still = settled && (current === 'running' || current === 'stopped');
  const previous = still ? current : (node.previousState ?? current);
  return {
    instanceId: node.providerServerId ?? '',
    currentState: printState(current),
    previousState: printState(previous),
  };
}

/** A server that goes, under the name that marks it: `-DEL` and 32 hex digits of its own. */
export function printDeletion(node: NodeRow) {
  const mark = createHash('sha256').update(node.id).digest('hex').slice(0, 32);
  return { newname: `${node.serverName}-DEL${mark}`, ...printChange(node) };
}

function stateOf({ serverState }: NodeRow): ServerState {
  if (serverState === 'missing') return 'terminated';
  return serverState === 'unknown' ? 'pending' : serverState;
}

function printState(name: string) {
  return { code: SERVER_STATE_CODES[name as ServerState] ?? SERVER_STATE_CODES.pending, name };
}
