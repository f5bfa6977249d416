import 'reflect-metadata';
import { loadConfig, provisionerSchema } from '@cloudhero/config';
import { Database } from '@cloudhero/persistence';
import { BullServer, CLOUD_QUEUE, RedisCallBudget, WAKE_QUEUES, Waker } from '@cloudhero/queue';
import { createLogger, NestLogger, serveHealth } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { SweepersService } from './sweepers.service';

/** Longest that the process goes on after SIGTERM; what is cut off then is due again. */
const GRACE_MS = 28_000;
/** Jobs at once. Most wait for a cloud, and no cloud account gets more than a part of them. */
const CONCURRENCY = { environment: 100, scope: 50, questions: 50 };

async function main() {
  const config = loadConfig(provisionerSchema);
  const logger = createLogger('provisioner', config.LOG_LEVEL);
  const database = await Database.open({
    url: config.DATABASE_URL,
    migrationsDir: config.CLOUDHERO_MIGRATIONS_DIR,
    onWait: (error) => logger.warn({ error }, 'Postgres is away; waiting for it'),
    poolSize: 20,
  });
  const queue = { url: config.REDIS_URL, prefix: config.CLOUDHERO_QUEUE_PREFIX };
  const strategy = new BullServer({
    ...queue,
    queues: {
      [WAKE_QUEUES.environment]: CONCURRENCY.environment,
      [WAKE_QUEUES.scope]: CONCURRENCY.scope,
      [CLOUD_QUEUE]: CONCURRENCY.questions,
    },
    onError: (error) => logger.warn({ error }, 'queue trouble'),
  });
  const waker = new Waker(queue);
  const budget = new RedisCallBudget(queue);
  const stopping = new AbortController();
  const resources = { config, database, waker, budget, logger, stopping: stopping.signal };
  const app = await NestFactory.createMicroservice(AppModule.with(resources), {
    strategy,
    logger: new NestLogger(logger),
  });
  const { CLOUDHERO_HOST: host, CLOUDHERO_PROVISIONER_PORT: port } = config;
  const health = await serveHealth(host, port, {
    postgres: () => database.ping(),
    redis: () => strategy.isReady(),
  });
  await app.listen();
  app.get(SweepersService).start();
  logger.info({ address: health.address() }, 'provisioner is up');

  const stop = async (signal: string) => {
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    stopping.abort();
    health.close();
    health.closeAllConnections();
    await app.close();
    budget.close();
    await waker.close();
    await database.close();
    process.exit(0);
  };
  process.once('SIGTERM', (signal) => void stop(signal));
  process.once('SIGINT', (signal) => void stop(signal));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
