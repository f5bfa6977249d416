import type { Desired } from '@cloudhero/domain';
import type { Environment as PrismaEnvironment, Launch, Provider } from '@prisma/client';
import type { Database } from './database';
import { asNodeRow, type NodeEventInput, type NodeRow } from './node.repository';

export type EnvironmentRow = Omit<PrismaEnvironment, 'desired' | 'cloudResources'> & {
  desired: Desired;
  cloudResources: Record<string, string> | null;
};
export type LaunchRow = Omit<Launch, 'state'> & { state: 'pending' | 'settled' | 'failed' };
export type ProviderRow = Provider;

/** An environment with all that a reconciler decides from. `nodes` leaves out those that are gone. */
export interface EnvironmentWork {
  environment: EnvironmentRow;
  provider: ProviderRow;
  nodes: NodeRow[];
  launches: LaunchRow[];
}

export type EnvironmentPatch = Partial<
  Pick<
    EnvironmentRow,
    | 'attempts'
    | 'nextReconcileAt'
    | 'lastErrorCode'
    | 'lastErrorMessage'
    | 'sealedKeys'
    | 'sshPublicKey'
    | 'hostPublicKey'
    | 'caCertificate'
    | 'sealedJoinTokens'
    | 'clusterId'
    | 'absentAt'
  > & { cloudResources: Record<string, string> }
>;

/** A cloud account and region in which somebody waits to see servers. */
export interface Scope {
  providerId: string;
  region: string;
}

/** The workers' view of environments. What the API reads is scoped by organisation elsewhere. */
export class EnvironmentRepository {
  constructor(private readonly db: Database) {}

  /** Null when it never was, or is gone. */
  async load(id: string): Promise<EnvironmentWork | null> {
    const row = await this.db.client.environment.findUnique({
      where: { id },
      include: {
        provider: true,
        nodes: { where: { phase: { not: 'absent' } }, orderBy: { position: 'asc' } },
        launches: { where: { state: 'pending' } },
      },
    });
    if (!row || row.absentAt) return null;
    const { provider, nodes, launches, ...environment } = row;
    return {
      environment: environment as EnvironmentRow,
      provider,
      nodes: nodes.map(asNodeRow),
      launches: launches as LaunchRow[],
    };
  }

  /**
   * Saves `patch` if nobody changed the row since it was loaded, with an event in the same
   * transaction. @returns the row as it is now, or null when somebody else was faster.
   */
  async save(
    environment: EnvironmentRow,
    patch: EnvironmentPatch,
    event?: NodeEventInput,
  ): Promise<EnvironmentRow | null> {
    const { id, version } = environment;
    const saved = await this.db.transaction(async (tx) => {
      const { count } = await tx.environment.updateMany({
        where: { id, version },
        data: { ...patch, version: { increment: 1 } },
      });
      if (count === 0) return false;
      if (event) await tx.nodeEvent.create({ data: { environmentId: id, ...event } });
      return true;
    });
    return saved ? { ...environment, ...patch, version: version + 1 } : null;
  }

  /** See `NodeRepository.now`. */
  now(): number {
    return this.db.now();
  }

  /**
   * Environments whose time has come, their cloud accounts in turn: however many one of them has, the
   * first of every other comes before its second.
   */
  async due(limit = 500): Promise<{ id: string; providerId: string }[]> {
    const now = new Date(this.now());
    return this.db.client.$queryRaw<{ id: string; providerId: string }[]>`
      SELECT id, "providerId" FROM (
        SELECT id, "providerId", "nextReconcileAt", row_number() OVER (
          PARTITION BY "providerId" ORDER BY "nextReconcileAt") AS turn
        FROM "Environment" WHERE "nextReconcileAt" <= ${now} AND "absentAt" IS NULL
      ) AS due ORDER BY turn, "nextReconcileAt" LIMIT ${limit}`;
  }

  /** Tells of something that concerns the environment as a whole. */
  async addEvent(environmentId: string, event: NodeEventInput): Promise<void> {
    await this.db.client.nodeEvent.create({ data: { environmentId, ...event } });
  }

  /** See `NodeRepository.lease`. */
  async lease(id: string, until: Date): Promise<void> {
    await this.db.client.environment.updateMany({
      where: { id, nextReconcileAt: { not: null } },
      data: { nextReconcileAt: until },
    });
  }

  /**
   * When every node that is wanted is ready for the first time: says so, and counts the deployment
   * on the application. Safe to call by anybody at any time; only one call takes effect.
   * @returns whether this call was the one.
   */
  async markReady(id: string): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ applicationId: string }[]>`
        UPDATE "Environment" e SET "readyAt" = timezone('utc', now())
        WHERE e.id = ${id} AND e."readyAt" IS NULL AND e.desired = 'running'
          AND EXISTS (SELECT 1 FROM "Node" n WHERE n."environmentId" = e.id AND n.phase = 'ready')
          AND NOT EXISTS (SELECT 1 FROM "Node" n WHERE n."environmentId" = e.id
            AND n.desired <> 'absent' AND n.phase NOT IN ('ready', 'absent'))
        RETURNING e."applicationId"`;
      const row = rows[0];
      if (!row) return false;
      await tx.application.update({
        where: { id: row.applicationId },
        data: { deploymentsCount: { increment: 1 } },
      });
      await tx.nodeEvent.create({
        data: { environmentId: id, type: 'environment', message: 'The environment is ready.' },
      });
      return true;
    });
  }

  /** Shows an error on every environment of a scope that waits for the cloud. */
  async noteError(scope: Scope, code: string, message: string): Promise<void> {
    await this.db.client.environment.updateMany({
      where: { ...scope, absentAt: null, nextReconcileAt: { not: null } },
      data: { lastErrorCode: code, lastErrorMessage: message },
    });
  }

  /** Whose and where an environment is, for a question about it. */
  async scopeOf(environmentId: string): Promise<Scope | null> {
    return this.db.client.environment.findUnique({
      where: { id: environmentId },
      select: { providerId: true, region: true },
    });
  }
}
