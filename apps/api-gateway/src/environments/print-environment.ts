import { environmentPhase, type NodePhase } from '@cloudhero/domain';
import type { EventRow, NodeRow, TenantEnvironment } from '@cloudhero/persistence';

/** How far a phase is on the way to ready, in percent. */
const PROGRESS: Partial<Record<NodePhase, number>> = {
  launching: 10,
  starting: 20,
  booting: 30,
  installing: 50,
  joining: 90,
  ready: 100,
};
const INSTALLING_SHARE = 40;

function phaseOf({ environment, nodes }: Pick<TenantEnvironment, 'environment' | 'nodes'>) {
  return environmentPhase(environment.desired, nodes, environment.readyAt !== null);
}

export function printEnvironment(found: TenantEnvironment) {
  return { ...printSummary(found), nodes: found.nodes.map(printNode) };
}

export function printSummary(found: TenantEnvironment) {
  const { environment, nodes } = found;
  const phase = phaseOf(found);
  return {
    id: environment.id,
    name: environment.name,
    application: environment.applicationId,
    provider: environment.providerId,
    account: environment.organisationId,
    region: environment.region,
    phase,
    desired: environment.desired,
    ready: phase === 'ready',
    repair: environment.repair,
    integrations: found.integrations,
    last_error: printError(environment),
    created_at: environment.createdAt.toISOString(),
    ready_at: environment.readyAt?.toISOString() ?? null,
    deleted_at: environment.absentAt?.toISOString() ?? null,
    nodes: nodes.map((node) => node.name),
  };
}

export function printEvent(event: EventRow) {
  return {
    id: String(event.id),
    type: event.type,
    node: event.node?.name ?? null,
    phase: event.phase,
    code: event.code,
    message: event.message,
    at: event.createdAt.toISOString(),
  };
}

function printNode(node: NodeRow) {
  return {
    id: node.id,
    name: node.name,
    server_name: node.serverName,
    size: node.size,
    fallback_sizes: node.fallbackSizes,
    server_size: node.serverSize,
    packages: node.packages,
    installed_packages: node.installedPackages,
    phase: node.phase,
    desired: node.desired,
    progress: progressOf(node),
    state: node.serverState,
    server_id: node.providerServerId,
    public_ip: node.publicIp,
    private_ip: node.privateIp,
    image: node.image,
    zone: node.zone,
    cluster_role: node.clusterRole,
    attempts: node.attempts,
    last_error: printError(node),
    created_at: node.createdAt.toISOString(),
    ready_at: node.readyAt?.toISOString() ?? null,
  };
}

function progressOf({ phase, packages, installedPackages }: NodeRow): number {
  const base = PROGRESS[phase] ?? 0;
  if (phase !== 'installing' || packages.length === 0) return base;
  const share = Math.min(1, installedPackages.length / packages.length);
  return base + Math.round(share * INSTALLING_SHARE);
}

function printError(row: { lastErrorCode: string | null; lastErrorMessage: string | null }) {
  if (!row.lastErrorCode) return null;
  return { code: row.lastErrorCode, message: row.lastErrorMessage ?? '' };
}
