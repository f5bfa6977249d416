import { newId } from '@cloudhero/domain';
import { Prisma } from '@prisma/client';
import type { Database } from './database';
import { isUniqueViolation } from './database-errors';
import type { EnvironmentRow } from './environment.repository';
import { asNodeRow, type NodeRow } from './node.repository';
import type { TransactionStep } from './transaction-step';

export interface NewNode {
  name: string;
  serverName: string;
  size: string;
  packages: string[];
}

export interface NewEnvironment {
  id: string;
  applicationId: string;
  providerId: string;
  name: string;
  region: string;
  integrations: readonly string[];
  nodes: readonly NewNode[];
}

/** What a change of intent looks at before it is written; throw in it to refuse. */
export interface IntentFacts {
  environment: EnvironmentRow;
  /** Those that are not gone. */
  nodes: NodeRow[];
}

/** Which rows are to want what. Null: nothing is to change. */
export type IntentChange = { desired: 'running' | 'stopped' | 'absent'; message: string } | null;

/** Writes what customers want. Making it so is the workers' part. */
export class EnvironmentIntentRepository {
  constructor(private readonly db: Database) {}

  /** Null when the name is taken in the application; `gone` when what it needs is no longer there. */
  async create(
    organisationId: string,
    { nodes, integrations, ...data }: NewEnvironment,
    step?: TransactionStep,
  ): Promise<'created' | 'name_taken' | 'gone'> {
    try {
      return await this.db.transaction(async (tx) => {
        if (!(await shareLocks(tx, organisationId, data.providerId, integrations))) return 'gone';
        await tx.environment.create({
          data: { ...data, organisationId, desired: 'running', nextReconcileAt: new Date() },
        });
        await tx.environmentIntegration.createMany({
          data: integrations.map((integrationId) => ({ environmentId: data.id, integrationId })),
        });
        await insertNodes(tx, data.id, nodes, 0);
        await step?.(tx);
        return 'created';
      });
    } catch (error) {
      if (isUniqueViolation(error)) return 'name_taken';
      throw error;
    }
  }

  /**
   * Changes what the whole environment is to be. `decide` sees the rows under a lock. @returns the
   * ids of the nodes that it concerns and whether anything changed; null when there is none.
   */
  async change(
    organisationId: string,
    id: string,
    decide: (facts: IntentFacts) => IntentChange,
  ): Promise<{ changed: boolean } | null> {
    return this.db.transaction(async (tx) => {
      const facts = await lockFacts(tx, organisationId, id);
      if (!facts) return null;
      const change = decide(facts);
      if (!change) return { changed: false };
      const { desired, message } = change;
      await tx.node.updateMany({
        where: { environmentId: id, phase: { not: 'absent' }, desired: { not: 'absent' } },
        // provisioner goes by the environment; the installer has nothing to do for these.
        data: { desired, ...bump, nextReconcileAt: null },
      });
      await tx.environment.update({
        where: { id },
        data: { desired, ...bump, ...awake() },
      });
      await tx.nodeEvent.create({ data: { environmentId: id, type: 'environment', message } });
      return { changed: true };
    });
  }

  /** Adds nodes; `prepare` sees the rows under a lock and gives what to add. Null: no environment. */
  async addNodes(
    organisationId: string,
    id: string,
    prepare: (facts: IntentFacts) => readonly NewNode[],
    step?: (nodeIds: string[]) => TransactionStep | undefined,
  ): Promise<string[] | null> {
    return this.db.transaction(async (tx) => {
      const facts = await lockFacts(tx, organisationId, id);
      if (!facts) return null;
      const nodes = prepare(facts);
      const last = await tx.node.aggregate({
        where: { environmentId: id },
        _max: { position: true },
      });
      const ids = await insertNodes(tx, id, nodes, (last._max.position ?? -1) + 1);
      await tx.environment.update({ where: { id }, data: { ...bump, ...awake() } });
      await step?.(ids)?.(tx);
      return ids;
    });
  }

  /** Lets one node go. `decide` sees the rows under a lock and gives the node, or throws. */
  async removeNode(
    organisationId: string,
    id: string,
    decide: (facts: IntentFacts) => NodeRow,
  ): Promise<NodeRow | null> {
    return this.db.transaction(async (tx) => {
      const facts = await lockFacts(tx, organisationId, id);
      if (!facts) return null;
      const node = decide(facts);
      if (node.desired === 'absent') return node;
      // A member of a cluster leaves it first, which is the installer's part.
      const nextReconcileAt = node.clusterNodeId ? new Date() : null;
      const row = await tx.node.update({
        where: { id: node.id },
        data: { desired: 'absent', ...bump, nextReconcileAt },
      });
      await tx.environment.update({ where: { id }, data: { ...bump, ...awake() } });
      await tx.nodeEvent.create({
        data: {
          environmentId: id,
          nodeId: node.id,
          type: 'environment',
          message: `The node ${node.name} was asked to go.`,
        },
      });
      return asNodeRow(row);
    });
  }
}

const bump = { generation: { increment: 1 }, version: { increment: 1 } } as const;
const awake = () => ({
  nextReconcileAt: new Date(),
  attempts: 0,
  lastErrorCode: null,
  lastErrorMessage: null,
});

async function lockFacts(
  tx: Prisma.TransactionClient,
  organisationId: string,
  id: string,
): Promise<IntentFacts | null> {
  const found = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Environment"
    WHERE id = ${id} AND "organisationId" = ${organisationId} FOR NO KEY UPDATE`;
  if (found.length === 0) return null;
  const row = await tx.environment.findUniqueOrThrow({
    where: { id },
    include: { nodes: { where: { phase: { not: 'absent' } }, orderBy: { position: 'asc' } } },
  });
  const { nodes, ...environment } = row;
  return { environment: environment as EnvironmentRow, nodes: nodes.map(asNodeRow) };
}

/** Keeps the provider and the integrations from being deleted until the environment is written. */
async function shareLocks(
  tx: Prisma.TransactionClient,
  organisationId: string,
  providerId: string,
  integrations: readonly string[],
): Promise<boolean> {
  const provider = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Provider"
    WHERE id = ${providerId} AND "organisationId" = ${organisationId} AND "verifiedAt" IS NOT NULL
    FOR SHARE`;
  if (provider.length === 0) return false;
  if (integrations.length === 0) return true;
  const found = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Integration"
    WHERE id IN (${Prisma.join([...integrations])}) AND "organisationId" = ${organisationId}
    FOR SHARE`;
  return found.length === integrations.length;
}

async function insertNodes(
  tx: Prisma.TransactionClient,
  environmentId: string,
  nodes: readonly NewNode[],
  firstPosition: number,
): Promise<string[]> {
  const rows = nodes.map((node, index) => ({
    id: newId(),
    environmentId,
    ...node,
    position: firstPosition + index,
    desired: 'running',
    phase: 'requested',
  }));
  await tx.node.createMany({ data: rows });
  await tx.nodeEvent.createMany({
    data: rows.map((row) => ({
      environmentId,
      nodeId: row.id,
      type: 'phase',
      phase: 'requested',
      message: `A ${row.size} was requested.`,
    })),
  });
  return rows.map((row) => row.id);
}
