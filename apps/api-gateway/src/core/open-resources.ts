import type { ApiGatewayConfig } from '@cloudhero/config';
import { Database, EventFeed } from '@cloudhero/persistence';
import { CloudClient, Waker } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import type { Resources } from './core.module';

/** A cloud that is slow to describe itself has this long. */
const CLOUD_TIMEOUT_MS = 30_000;

/** Connects to the stores and queues. @throws when Postgres cannot be reached or migrated */
export async function openResources(config: ApiGatewayConfig, logger: Logger): Promise<Resources> {
  const database = await Database.open({
    url: config.DATABASE_URL,
    migrationsDir: config.CLOUDHERO_MIGRATIONS_DIR,
    poolSize: 20,
    onWait: (error) => logger.warn({ error }, 'Postgres is away; waiting for it'),
  });
  const feed = new EventFeed(config.DATABASE_URL);
  await feed.start();
  const queue = { url: config.REDIS_URL, prefix: config.CLOUDHERO_QUEUE_PREFIX };
  const cloud = new CloudClient({ ...queue, timeoutMs: CLOUD_TIMEOUT_MS });
  return { database, feed, waker: new Waker(queue), cloud };
}
