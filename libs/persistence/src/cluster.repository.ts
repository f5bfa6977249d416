import type { Desired, NodePhase } from '@cloudhero/domain';
import type { Database } from './database';

/** What an API key may do. `read`: GET and HEAD only. */
export interface ClusterKey {
  id: string;
  organisationId: string;
  scope: 'full' | 'read';
}

export interface ClusterNode {
  id: string;
  name: string;
  /** The name at the cloud: account, application, environment and node. */
  serverName: string;
  desired: Desired;
  phase: NodePhase;
  publicIp: string | null;
  /** Null until the node is a member of the cluster. */
  clusterRole: 'manager' | 'worker' | null;
  clusterNodeId: string | null;
}

/** Credentials of an image registry; the password is sealed for `sealContext.integration(id)`. */
export interface ClusterRegistry {
  id: string;
  url: string;
  username: string;
  email: string;
  sealedPassword: string;
}

/** What swarm-proxy has to know of an environment. */
export interface ClusterRecord {
  id: string;
  organisationId: string;
  name: string;
  /** `EnvironmentKeys`, sealed for `sealContext.environmentKeys(id)`; null before the first launch. */
  sealedKeys: string | null;
  /** The nodes with Docker that are not gone, in order of the request. */
  nodes: ClusterNode[];
  registries: ClusterRegistry[];
}

/** swarm-proxy's view of keys and environments; reads only. */
export class ClusterRepository {
  constructor(private readonly db: Database) {}

  /** The key with this hash (`hashToken`), unless it was revoked. */
  async findKey(hash: string): Promise<ClusterKey | null> {
    const row = await this.db.client.apiKey.findUnique({ where: { hash } });
    if (!row || row.revokedAt) return null;
    const scope = row.scope === 'full' ? 'full' : 'read';
    return { id: row.id, organisationId: row.organisationId, scope };
  }

  /** Null when it never was, or is gone or going; whose it is, is for the caller to check. */
  async findCluster(environmentId: string): Promise<ClusterRecord | null> {
    const row = await this.db.client.environment.findUnique({
      where: { id: environmentId },
      include: {
        nodes: { where: { phase: { not: 'absent' } }, orderBy: { position: 'asc' } },
        integrations: { include: { integration: true } },
      },
    });
    if (!row || row.absentAt || row.desired === 'absent') return null;
    return {
      id: row.id,
      organisationId: row.organisationId,
      name: row.name,
      sealedKeys: row.sealedKeys,
      nodes: row.nodes
        .filter(({ packages }) => Array.isArray(packages) && packages.includes('docker'))
        .map((node) => ({
          id: node.id,
          name: node.name,
          serverName: node.serverName,
          desired: node.desired as Desired,
          phase: node.phase as NodePhase,
          publicIp: node.publicIp,
          clusterRole: node.clusterRole as ClusterNode['clusterRole'],
          clusterNodeId: node.clusterNodeId,
        })),
      registries: row.integrations.map(({ integration }) => ({
        id: integration.id,
        url: integration.url,
        username: integration.username,
        email: integration.email,
        sealedPassword: integration.sealedPassword,
      })),
    };
  }
}
