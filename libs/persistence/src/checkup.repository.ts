import { CHECKED_CODES, type ErrorCode } from '@cloudhero/domain';
import type { Database } from './database';

/** When nodes are looked at, and what was mended of what was found. */
export class CheckupRepository {
  constructor(private readonly db: Database) {}

  /**
   * Takes up to `limit` nodes whose time to be looked at has come, longest overdue first, and gives
   * them their next time, `everyMs` ahead more or less: so only one worker has each, and one that is
   * killed in the middle costs a node one look. A node that is not to be looked at loses its time.
   */
  async claim(limit: number, everyMs: number): Promise<string[]> {
    const codes: readonly ErrorCode[] = CHECKED_CODES;
    const rows = await this.db.client.$queryRaw<{ id: string; wanted: boolean }[]>`
      UPDATE "Node" n SET "nextCheckAt" = CASE WHEN due.wanted
          THEN timezone('utc', clock_timestamp())
            + make_interval(secs => ${everyMs / 1000}::float8 * (0.8 + 0.4 * random()))
        END
      FROM (
        SELECT id, desired = 'running' AND (
          phase = 'ready' OR (phase = 'failed' AND "lastErrorCode" = ANY(${codes}))) AS wanted
        FROM "Node" WHERE "nextCheckAt" <= timezone('utc', clock_timestamp())
        ORDER BY "nextCheckAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ) AS due
      WHERE n.id = due.id RETURNING n.id, due.wanted`;
    return rows.filter(({ wanted }) => wanted).map(({ id }) => id);
  }

  /** How many times in the last `withinMs` a node was repaired of `code`, from its events. */
  async repairs(
    node: { id: string; environmentId: string },
    code: ErrorCode,
    withinMs: number,
  ): Promise<number> {
    const rows = await this.db.client.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM "NodeEvent"
      WHERE "environmentId" = ${node.environmentId} AND "nodeId" = ${node.id}
        AND type = 'drift' AND code = ${code} AND phase <> 'failed'
        AND "createdAt" > timezone('utc', clock_timestamp())
          - make_interval(secs => ${withinMs / 1000}::float8)`;
    return rows[0]?.count ?? 0;
  }
}
