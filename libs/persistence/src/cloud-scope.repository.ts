import type { ObservedServer } from '@cloudhero/domain';
import { Prisma } from '@prisma/client';
import type { Database } from './database';
import type { Scope } from './environment.repository';
import { asNodeRow, type NodeRow } from './node.repository';

/** How long after an environment is gone its account is still looked at, for what a late call made. */
const AFTERMATH_MS = 24 * 3_600_000;

/** A node of which only the cloud can bring news. */
const WAITING = Prisma.sql`(
  n.phase IN ('launching', 'stopping', 'starting', 'terminating') AND n."providerServerId" IS NOT NULL
  OR n.phase IN ('booting', 'installing', 'joining', 'ready')
    AND n."serverState" IN ('pending', 'stopping', 'shutting-down'))`;

/** A list may still show the server of a node that is gone since. */
const JUST_GONE_MS = 120_000;

type Row = Parameters<typeof asNodeRow>[0];

/** A node, and whether its environment is to be repaired. */
export type DifferingNode = NodeRow & { repair: boolean };

/**
 * What a cloud account shows in a region, held against the rows. Postgres compares, so that a look
 * at ten thousand servers that are as they were costs us next to nothing.
 */
export class CloudScopeRepository {
  constructor(private readonly db: Database) {}

  /** Scopes with a server whose state somebody waits for. */
  waiting(): Promise<Scope[]> {
    return this.db.client.$queryRaw<Scope[]>`
      SELECT DISTINCT e."providerId", e.region
      FROM "Node" n JOIN "Environment" e ON e.id = n."environmentId" WHERE ${WAITING}`;
  }

  /** The environments of a scope in which somebody waits for a server's state. */
  async waitingIn({ providerId, region }: Scope): Promise<string[]> {
    const rows = await this.db.client.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT e.id FROM "Node" n JOIN "Environment" e ON e.id = n."environmentId"
      WHERE e."providerId" = ${providerId} AND e.region = ${region} AND ${WAITING}`;
    return rows.map(({ id }) => id);
  }

  /**
   * Takes the scopes that are to be looked at now; each is given to one worker only, and again after
   * `everyMs`. Those in which nothing has been for a day are forgotten.
   */
  async claimLooks(everyMs: number): Promise<Scope[]> {
    const now = this.db.now();
    const aftermath = new Date(now - AFTERMATH_MS);
    await this.db.client.$executeRaw`
      DELETE FROM "CloudScope" s WHERE s."nextLookAt" <= ${new Date(now)} AND NOT EXISTS (
        SELECT 1 FROM "Environment" e WHERE e."providerId" = s."providerId" AND e.region = s.region
          AND (e."absentAt" IS NULL OR e."absentAt" > ${aftermath}))`;
    return this.db.client.$queryRaw<Scope[]>`
      UPDATE "CloudScope" SET "nextLookAt" = ${new Date(now + everyMs)}
      WHERE "nextLookAt" <= ${new Date(now)} RETURNING "providerId", region`;
  }

  /**
   * The nodes of a scope (or of some environments in it) whose rows differ from what the cloud shows:
   * another state or address, or a server that is not among `servers` and was not known to be gone.
   */
  async differing(
    { providerId, region }: Scope,
    servers: readonly ObservedServer[],
    environmentIds?: readonly string[],
  ): Promise<DifferingNode[]> {
    const only = environmentIds ? Prisma.sql`AND e.id = ANY(${[...environmentIds]})` : Prisma.empty;
    const rows = await this.db.client.$queryRaw<(Row & { repair: boolean })[]>`
      SELECT n.*, e.repair FROM "Node" n JOIN "Environment" e ON e.id = n."environmentId"
      LEFT JOIN jsonb_to_recordset(${shown(servers)}::jsonb) AS s(
        id text, state text, "publicIp" text, "privateIp" text, size text)
        ON s.id = n."providerServerId"
      WHERE e."providerId" = ${providerId} AND e.region = ${region} AND e."absentAt" IS NULL
        AND n.phase <> 'absent' AND n."providerServerId" IS NOT NULL ${only}
        AND CASE WHEN s.id IS NULL THEN n."serverState" NOT IN ('missing', 'terminated')
          ELSE n."serverState" <> s.state OR n."publicIp" IS DISTINCT FROM s."publicIp"
            OR n."privateIp" IS DISTINCT FROM s."privateIp"
            OR (s.size IS NOT NULL AND n."serverSize" IS DISTINCT FROM s.size) END`;
    return rows.map((row) => ({ ...asNodeRow(row), repair: row.repair }));
  }

  /**
   * Nodes that were given up on while the outcome of their launch was open, and those of `servers`
   * that such a launch has made and no node has.
   */
  async unclaimed(
    { providerId, region }: Scope,
    servers: readonly ObservedServer[],
  ): Promise<{ nodes: NodeRow[]; servers: ObservedServer[] }> {
    const rows = await this.db.client.$queryRaw<Row[]>`
      SELECT n.* FROM "Node" n JOIN "Environment" e ON e.id = n."environmentId"
      WHERE n.phase = 'failed' AND n."providerServerId" IS NULL AND n."launchId" IS NOT NULL
        AND e."providerId" = ${providerId} AND e.region = ${region} AND n.desired <> 'absent'
        AND e.desired <> 'absent' ORDER BY n.position`;
    const launches = new Set(rows.map(({ launchId }) => launchId));
    const made = servers.filter(({ launchId }) => launchId && launches.has(launchId));
    if (made.length === 0) return { nodes: [], servers: [] };
    const ids = made.map(({ id }) => id);
    const known = await this.known([], ids, []);
    return {
      nodes: rows.map(asNodeRow),
      servers: made.filter(({ id }) => !known.servers.has(id)),
    };
  }

  /**
   * Servers that a launch of ours made after its outcome was settled without them: by a call that was
   * delayed for longer than anybody waited. They were never handed over to anybody.
   */
  async strays(
    { providerId, region }: Scope,
    servers: readonly ObservedServer[],
  ): Promise<{ id: string; environmentId: string }[]> {
    const alive = servers.filter(
      ({ state }) => state !== 'terminated' && state !== 'shutting-down',
    );
    if (alive.length === 0) return [];
    return this.db.client.$queryRaw<{ id: string; environmentId: string }[]>`
      SELECT s.id, l."environmentId"
      FROM jsonb_to_recordset(${shown(alive)}::jsonb) AS s(id text, "launchId" text)
      JOIN "Launch" l ON l.id = s."launchId" AND l.state <> 'pending'
      JOIN "Environment" e ON e.id = l."environmentId"
        AND e."providerId" = ${providerId} AND e.region = ${region}
      WHERE NOT EXISTS (SELECT 1 FROM "Node" n WHERE n."providerServerId" = s.id
        AND (n.phase <> 'absent' OR n."absentAt" > ${new Date(this.db.now() - JUST_GONE_MS)}))`;
  }

  /** Which environments are not gone, which servers have a node, and which launches are open. */
  async known(
    environmentIds: readonly string[],
    serverIds: readonly string[],
    launchIds: readonly string[],
  ): Promise<{ environments: Set<string>; servers: Set<string>; launches: Set<string> }> {
    const [environments, nodes, launches] = await Promise.all([
      this.db.client.environment.findMany({
        where: { id: { in: [...environmentIds] }, absentAt: null },
        select: { id: true },
      }),
      this.db.client.node.findMany({
        where: { providerServerId: { in: [...serverIds] }, phase: { not: 'absent' } },
        select: { providerServerId: true },
      }),
      this.db.client.launch.findMany({
        where: { id: { in: [...launchIds] }, state: 'pending' },
        select: { id: true },
      }),
    ]);
    return {
      environments: new Set(environments.map(({ id }) => id)),
      servers: new Set(nodes.map(({ providerServerId }) => providerServerId ?? '')),
      launches: new Set(launches.map(({ id }) => id)),
    };
  }
}

function shown(servers: readonly ObservedServer[]): string {
  return JSON.stringify(
    servers.map(({ id, state, publicIp, privateIp, size, launchId }) => ({
      id,
      state,
      publicIp,
      privateIp,
      size,
      launchId,
    })),
  );
}
