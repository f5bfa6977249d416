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
  /** Other sizes that will do, in this order. */
  fallbackSizes: string[];
  packages: string[];
}

export interface NewEnvironment {
  id: string;
  applicationId: string;
  providerId: string;
  name: string;
  region: string;
  repair: boolean;
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
export type IntentChange = {
  desired: 'running' | 'stopped' | 'absent';
  message: string;
  /** The nodes that it concerns; all of them when left out. */
  nodeIds?: readonly string[];
} | null;

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
        const now = this.now();
        await tx.environment.create({
          data: { ...data, organisationId, desired: 'running', nextReconcileAt: now },
        });
        await tx.environmentIntegration.createMany({
          data: integrations.map((integrationId) => ({ environmentId: data.id, integrationId })),
        });
        await insertNodes(tx, data.id, nodes, 0);
        await step?.(tx);
        await lookSoon(tx, data, now);
        return 'created';
      });
    } catch (error) {
      if (isUniqueViolation(error)) return 'name_taken';
      throw error;
    }
  }

  /**
   * Changes what the environment is to be. `decide` sees the rows under a lock. @returns what was
   * changed, null for nothing, or `missing` when there is no such environment.
   */
  async change(
    organisationId: string,
    id: string,
    decide: (facts: IntentFacts) => IntentChange,
  ): Promise<IntentChange | 'missing'> {
    return this.db.transaction(async (tx) => {
      const facts = await lockFacts(tx, organisationId, id);
      if (!facts) return 'missing';
      const change = decide(facts);
      if (!change) return null;
      const { desired, message, nodeIds } = change;
      const now = this.now();
      await tx.node.updateMany({
        where: {
          environmentId: id,
          phase: { not: 'absent' },
          desired: { not: 'absent' },
          ...(nodeIds && { id: { in: [...nodeIds] } }),
        },
        // provisioner goes by the environment. The installer has nothing to do for what is to stop
        // or go; what was not stopped yet when it is to run again, it goes on with.
        data: {
          desired,
          ...bump,
          ...(desired === 'running' ? turnOfInstaller(now) : NOBODYS_TURN),
        },
      });
      await tx.environment.update({
        where: { id },
        data: { desired, ...bump, ...awake(now) },
      });
      await tx.nodeEvent.create({ data: { environmentId: id, type: 'environment', message } });
      return change;
    });
  }

  /**
   * Says whether the environment is to be repaired. `check` sees the rows under a lock, and throws to
   * refuse. @returns whether that is new, or `missing` when there is no such environment.
   */
  async setRepair(
    organisationId: string,
    id: string,
    repair: boolean,
    check: (facts: IntentFacts) => void,
  ): Promise<boolean | 'missing'> {
    return this.db.transaction(async (tx) => {
      const facts = await lockFacts(tx, organisationId, id);
      if (!facts) return 'missing';
      check(facts);
      if (facts.environment.repair === repair) return false;
      const now = this.now();
      await tx.environment.update({
        where: { id },
        data: { repair, version: { increment: 1 }, ...awake(now) },
      });
      if (repair) {
        // package-installer mends what has failed already when it looks at it next.
        await tx.node.updateMany({
          where: { environmentId: id, phase: 'failed', nextCheckAt: { not: null } },
          data: { nextCheckAt: now },
        });
      }
      const message = repair
        ? 'What happens to its servers is repaired from now on.'
        : 'What happens to its servers is not repaired any more.';
      await tx.nodeEvent.create({ data: { environmentId: id, type: 'environment', message } });
      return true;
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
      const now = this.now();
      await tx.environment.update({ where: { id }, data: { ...bump, ...awake(now) } });
      await step?.(ids)?.(tx);
      await lookSoon(tx, facts.environment, now);
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
      const now = this.now();
      const nextReconcileAt = node.clusterNodeId ? now : null;
      const row = await tx.node.update({
        where: { id: node.id },
        data: { desired: 'absent', ...bump, nextReconcileAt },
      });
      await tx.environment.update({ where: { id }, data: { ...bump, ...awake(now) } });
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

  private now(): Date {
    return new Date(this.db.now());
  }
}

const bump = { generation: { increment: 1 }, version: { increment: 1 } } as const;
const awake = (now: Date) => ({
  nextReconcileAt: now,
  attempts: 0,
  lastErrorCode: null,
  lastErrorMessage: null,
});

const NOBODYS_TURN = { nextReconcileAt: null };
const turnOfInstaller = (now: Date) => ({ nextReconcileAt: now, nextCheckAt: now });

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

/**
 * Has provisioner look at the cloud account and region soon, and from then on as long as there is
 * something. Last in its transaction: environments of one account would wait for each other's row.
 */
async function lookSoon(
  tx: Prisma.TransactionClient,
  { providerId, region }: { providerId: string; region: string },
  now: Date,
): Promise<void> {
  const scope = { providerId, region };
  await tx.cloudScope.createMany({ data: [{ ...scope, nextLookAt: now }], skipDuplicates: true });
  const where = { ...scope, nextLookAt: { gt: now } };
  await tx.cloudScope.updateMany({ where, data: { nextLookAt: now } });
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
