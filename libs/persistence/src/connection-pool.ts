import { Pool, type PoolClient, type PoolConfig } from 'pg';

/** Whoever has a connection gives it back itself, as a rule; this is for when it does not. */
const GRACE_MS = 1000;

/**
 * A pool that takes back connections which ended while somebody had them. Prisma's adapter does not
 * give back that of a transaction whose `ROLLBACK` failed, so that each restart of Postgres would
 * cost a connection for every transaction under way, until none is left.
 */
export function createPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  const taken = new Set<PoolClient>();
  pool.on('acquire', (client) => void taken.add(client));
  pool.on('release', (_, client) => void taken.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => setTimeout(takeBack, GRACE_MS, client).unref());
  });
  const takeBack = (client: PoolClient) => {
    if (!taken.has(client)) return;
    client.release(true);
    // A second release would throw.
    client.release = () => undefined;
  };
  return pool;
}
