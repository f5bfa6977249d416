import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '@prisma/client';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPool } from './connection-pool';
import { DatabaseClock } from './database-clock';
import { isWriteConflict } from './database-errors';
import { migrate } from './migrate';
import { waitForPostgres } from './wait-for-postgres';

export interface DatabaseOptions {
  /** `postgresql://…` */
  url: string;
  /** Folder of the migrations; found beside the code when left out. */
  migrationsDir?: string | undefined;
  /** Most connections that this process holds. */
  poolSize?: number;
  /** Told when the start has to wait, for Postgres is away. */
  onWait?: (error: unknown) => void;
}

/** A deadlock comes rarely, and hardly twice. */
const MOST_ATTEMPTS = 5;

/** One process's connection to Postgres. */
export class Database {
  readonly client: PrismaClient;
  private readonly clock = new DatabaseClock(() => this.askTime());

  private constructor(private readonly options: DatabaseOptions) {
    this.client = new PrismaClient({
      adapter: new PrismaPg(
        createPool({
          connectionString: options.url,
          max: options.poolSize ?? 10,
          connectionTimeoutMillis: 5000,
        }),
        { disposeExternalPool: true },
      ),
      transactionOptions: { maxWait: 10_000, timeout: 30_000 },
    });
  }

  /** Brings the schema up to date (see `migrate`) and connects; waits for a Postgres that is away. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const dir = options.migrationsDir ?? findMigrations(__dirname);
    await waitForPostgres(() => migrate(options.url, dir), { onWait: options.onWait });
    const database = new Database(options);
    await database.clock.start();
    return database;
  }

  get url(): string {
    return this.options.url;
  }

  /** Postgres's time, in milliseconds since 1970; see `DatabaseClock`. */
  now(): number {
    return this.clock.now();
  }

  /**
   * Runs `work` in one transaction, and once more when Postgres broke it off as one side of a
   * deadlock: batches of rows are locked in no particular order. `work` must do nothing else.
   */
  async transaction<T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.client.$transaction(work);
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isWriteConflict(error)) throw error;
      }
    }
  }

  /** Whether Postgres answers, for readiness. */
  async ping(): Promise<boolean> {
    return this.client.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    this.clock.stop();
    return this.client.$disconnect();
  }

  private async askTime(): Promise<number> {
    const rows = await this.client.$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    return rows[0]?.ms ?? Date.now();
  }
}

function findMigrations(from: string): string {
  const here = join(from, 'prisma', 'migrations');
  if (existsSync(here)) return here;
  const up = dirname(from);
  if (up === from) throw new Error('prisma/migrations not found; set CLOUDHERO_MIGRATIONS_DIR');
  return findMigrations(up);
}
