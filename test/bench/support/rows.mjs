import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseUrl } from '../../../tools/lib/postgres.mjs';

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 300_000;

/** A stack's rows, asked directly: ten thousand nodes through the API would be the load that is measured. */
export class Rows {
  static async open({ ports, secrets }) {
    const rows = new Rows();
    const password = secrets.postgresPassword;
    rows.client = new pg.Client({
      connectionString: databaseUrl({ port: ports.postgres, password }),
    });
    await rows.client.connect();
    return rows;
  }

  async count(condition) {
    const { rows } = await this.client.query(
      `SELECT count(*)::int AS count FROM "Node" WHERE ${condition}`,
    );
    return rows[0].count;
  }

  async untilRunning(wanted) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const running = await this.count(`"serverState" = 'running' AND phase = 'booting'`);
      if (running >= wanted) return;
      if (Date.now() > deadline) {
        throw new Error(`${running} of ${wanted} nodes run; ${await this.troubles()}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** How the others fare, and what their environments say. */
  async troubles() {
    const { rows } = await this.client.query(`
      SELECT n.phase, n."serverState", count(*)::int, e."lastErrorMessage", n."lastErrorMessage" AS failed
      FROM "Node" n JOIN "Environment" e ON e.id = n."environmentId"
      WHERE n.phase <> 'booting' GROUP BY 1, 2, 4, 5 LIMIT 20`);
    return JSON.stringify(rows);
  }

  /**
   * Says of every node that it is ready, in one statement. A virtual machine has nothing that anybody
   * could log in to and install, so this stands for package-installer's work.
   */
  async makeReady() {
    await this.client.query(`
      WITH nodes AS (
        UPDATE "Node" SET phase = 'ready', "readyAt" = timezone('utc', now()),
          "nextReconcileAt" = NULL, version = version + 1
        WHERE phase = 'booting' RETURNING "environmentId")
      UPDATE "Environment" SET "readyAt" = timezone('utc', now()), "nextReconcileAt" = NULL,
        version = version + 1
      WHERE id IN (SELECT "environmentId" FROM nodes)`);
  }

  close() {
    return this.client.end();
  }
}
