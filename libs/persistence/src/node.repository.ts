import type { Desired, ErrorCode, NodePhase, ServerState } from '@cloudhero/domain';
import { canMove, INSTALLER_PHASES } from '@cloudhero/domain';
import type { Node as PrismaNode, Prisma } from '@prisma/client';
import type { Database } from './database';

/** A node's row, with its strings given their types. */
export type NodeRow = Omit<
  PrismaNode,
  | 'desired'
  | 'phase'
  | 'serverState'
  | 'packages'
  | 'installedPackages'
  | 'fallbackSizes'
  | 'lostFor'
  | 'lastErrorCode'
> & {
  desired: Desired;
  phase: NodePhase;
  serverState: ServerState | 'missing' | 'unknown';
  packages: string[];
  installedPackages: string[];
  fallbackSizes: string[];
  lostFor: 'capacity' | 'other' | null;
  lastErrorCode: ErrorCode | null;
};

/** The columns that workers write, with the types that Postgres needs to read them from JSON. */
const COLUMNS = {
  phase: 'text',
  launchId: 'text',
  candidate: 'int',
  providerServerId: 'text',
  serverState: 'text',
  previousState: 'text',
  actedGeneration: 'int',
  observedAt: 'timestamp',
  lostFor: 'text',
  serverSize: 'text',
  publicIp: 'text',
  privateIp: 'text',
  image: 'text',
  zone: 'text',
  attempts: 'int',
  nextReconcileAt: 'timestamp',
  lastErrorCode: 'text',
  lastErrorMessage: 'text',
  hostPublicKey: 'text',
  installedPackages: 'jsonb',
  bootId: 'text',
  nextCheckAt: 'timestamp',
  clusterRole: 'text',
  clusterNodeId: 'text',
  readyAt: 'timestamp',
  absentAt: 'timestamp',
} as const satisfies Partial<Record<keyof NodeRow, string>>;

export type NodePatch = Partial<Pick<NodeRow, keyof typeof COLUMNS>>;

/** What users see as progress and operators as audit; appended with the change it tells of. */
export interface NodeEventInput {
  type: 'phase' | 'progress' | 'error' | 'environment' | 'drift';
  message: string;
  code?: string;
}

export interface NodeChange {
  node: NodeRow;
  patch: NodePatch;
  event?: NodeEventInput;
}

/** Writes something that goes with a change; false when it no longer holds, and nothing is saved then. */
export type SaveGuard = (tx: Prisma.TransactionClient) => Promise<boolean>;

const names = Object.keys(COLUMNS);
const quoted = (name: string) => `"${name}"`;
const SAVE_SQL = `UPDATE "Node" AS n SET version = n.version + 1, ${names
  .map((name) => `${quoted(name)} = c.${quoted(name)}`)
  .join(', ')}
  FROM jsonb_to_recordset($1::jsonb) AS c(id text, version int, ${Object.entries(COLUMNS)
    .map(([name, type]) => `${quoted(name)} ${type}`)
    .join(', ')})
  WHERE n.id = c.id AND n.version = c.version RETURNING n.id`;

/** Rows as Prisma gives them, typed. The columns are only ever written through these types. */
export function asNodeRow(row: PrismaNode): NodeRow {
  return row as unknown as NodeRow;
}

export class NodeRepository {
  constructor(private readonly db: Database) {}

  /** Postgres's time, in milliseconds since 1970: for all times that are written to rows. */
  now(): number {
    return this.db.now();
  }

  async find(id: string): Promise<NodeRow | null> {
    const row = await this.db.client.node.findUnique({ where: { id } });
    return row && asNodeRow(row);
  }

  /**
   * Saves changes in one statement, however many, each only if nobody changed its row since it was
   * loaded, and appends their events in the same transaction. A change of phase that the transition
   * table does not know is a programming error and throws. With a `guard`, which writes
   * in the same transaction, it is all or nothing. What a cloud has shown (`observedAt`) is for
   * provisioner to decide on: the environment is due with it, even one that was at rest.
   * @returns the ids that were saved; load the others again.
   */
  async saveAll(changes: readonly NodeChange[], guard?: SaveGuard): Promise<Set<string>> {
    if (changes.length === 0) return new Set();
    for (const { node, patch } of changes) {
      if (patch.phase && patch.phase !== node.phase && !canMove(node.phase, patch.phase)) {
        throw new Error(`node ${node.id} cannot move from ${node.phase} to ${patch.phase}`);
      }
    }
    const records = changes.map(({ node, patch }) => {
      const row: Record<string, unknown> = { id: node.id, version: node.version };
      for (const name of names) row[name] = { ...node, ...patch }[name as keyof NodeRow];
      return row;
    });
    try {
      return await this.db.transaction(async (tx) => {
        if (guard && !(await guard(tx))) throw new GuardError();
        await makeDue(tx, changes, new Date(this.now()));
        const saved = await saveRows(tx, changes, records);
        if (guard && saved.size < changes.length) throw new GuardError();
        return saved;
      });
    } catch (error) {
      if (error instanceof GuardError) return new Set();
      throw error;
    }
  }

  /** Saves one change. @returns the row as it is now, or null when somebody else was faster. */
  async save(change: NodeChange): Promise<NodeRow | null> {
    const saved = await this.saveAll([change]);
    if (!saved.has(change.node.id)) return null;
    return { ...change.node, ...change.patch, version: change.node.version + 1 };
  }

  /** Tells of progress without changing the node. */
  async addEvent(node: NodeRow, event: NodeEventInput): Promise<void> {
    await this.db.client.nodeEvent.create({
      data: { environmentId: node.environmentId, nodeId: node.id, phase: node.phase, ...event },
    });
  }

  /**
   * Ids of nodes that package-installer has something to do for, and whose time has come: those in
   * its phases, and those that have to leave their cluster before they go. Those that are only to be
   * looked at are `CheckupRepository`'s. `tenant`: the provider's id.
   */
  async dueForInstaller(limit = 500): Promise<{ id: string; tenant: string }[]> {
    const rows = await this.db.client.node.findMany({
      where: {
        nextReconcileAt: { lte: new Date(this.now()) },
        OR: [
          { phase: { in: [...INSTALLER_PHASES] } },
          { desired: 'absent', clusterNodeId: { not: null } },
        ],
      },
      orderBy: { nextReconcileAt: 'asc' },
      select: { id: true, environment: { select: { providerId: true } } },
      take: limit,
    });
    return rows.map(({ id, environment }) => ({ id, tenant: environment.providerId }));
  }

  /**
   * Says that somebody is at work on the node until `until`, so that sweepers leave it alone. Not a
   * lock: work is safe to run twice, this only makes it rare.
   */
  async lease(id: string, until: Date): Promise<void> {
    await this.db.client.node.updateMany({
      where: { id, nextReconcileAt: { not: null } },
      data: { nextReconcileAt: until },
    });
  }

  /** Keeps what an installation printed, for the customer to read. */
  async addOutput(nodeId: string, packageName: string, text: string): Promise<void> {
    // Postgres text holds no NUL.
    const clean = text.replaceAll('\0', '\uFFFD');
    await this.db.client.installOutput.create({
      data: { nodeId, package: packageName, text: clean },
    });
  }
}

/** What a guard holds together is not to be saved in part. */
class GuardError extends Error {}

/**
 * In the same transaction, because a wake-up can be lost. The version counts up, or a reconciler that
 * has read the nodes before would put its environment to rest. Environments are locked before nodes,
 * as by whoever writes what customers want.
 */
async function makeDue(
  tx: Prisma.TransactionClient,
  changes: readonly NodeChange[],
  now: Date,
): Promise<void> {
  const shown = changes.filter(({ patch }) => patch.observedAt);
  if (shown.length === 0) return;
  const ids = [...new Set(shown.map(({ node }) => node.environmentId))];
  await tx.$executeRaw`
    UPDATE "Environment" e SET version = e.version + 1,
      "nextReconcileAt" = LEAST(e."nextReconcileAt", ${now})
    FROM (SELECT id FROM "Environment" WHERE id = ANY(${ids}) AND "absentAt" IS NULL
      ORDER BY id FOR NO KEY UPDATE) AS due
    WHERE e.id = due.id`;
}

async function saveRows(
  tx: Prisma.TransactionClient,
  changes: readonly NodeChange[],
  records: readonly object[],
): Promise<Set<string>> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(SAVE_SQL, JSON.stringify(records));
  const saved = new Set(rows.map((row) => row.id));
  const events = changes.flatMap(({ node, patch, event }) =>
    event && saved.has(node.id)
      ? [
          {
            environmentId: node.environmentId,
            nodeId: node.id,
            phase: patch.phase ?? node.phase,
            ...event,
          },
        ]
      : [],
  );
  if (events.length > 0) await tx.nodeEvent.createMany({ data: events });
  return saved;
}
