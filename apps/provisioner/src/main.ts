import 'reflect-metadata';
import { loadConfig, provisionerSchema } from '@cloudhero/config';
import { Database } from '@cloudhero/persistence';
import { BullServer, CLOUD_QUEUE, WAKE_QUEUES, Waker } from '@cloudhero/queue';
import { createLogger, NestLogger, serveHealth } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { SweepersService } from './sweepers.service';

async function main() {
  const config = loadConfig(provisionerSchema);
  const logger = createLogger('provisioner', config.LOG_LEVEL);
  const database = await Database.open({
    url: config.DATABASE_URL,
    migrationsDir: config.CLOUDHERO_MIGRATIONS_DIR,
  });
  const strategy = new BullServer({
    url: config.REDIS_URL,
    prefix: config.CLOUDHERO_QUEUE_PREFIX,
    queues: { [WAKE_QUEUES.environment]: 20, [WAKE_QUEUES.scope]: 10, [CLOUD_QUEUE]: 20 },
    onError: (error) => logger.warn({ error }, 'queue trouble'),
  });
  const app = await NestFactory.createMicroservice(AppModule.with(config, database, logger), {
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
    health.close();
    health.closeAllConnections();
    await app.close();
    await app.get(Waker).close();
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
