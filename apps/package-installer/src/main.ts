import 'reflect-metadata';
import { loadConfig, packageInstallerSchema } from '@cloudhero/config';
import { CheckupRepository, Database, NodeRepository } from '@cloudhero/persistence';
import { BullServer, Sweeper, WAKE_QUEUES, Waker } from '@cloudhero/queue';
import { createLogger, NestLogger, serveHealth } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { CheckupRound } from './checkup/checkup-round';
import { CheckupService } from './checkup/checkup.service';

/** Longest that the process goes on after SIGTERM. */
const GRACE_MS = 28_000;

async function main() {
  const config = loadConfig(packageInstallerSchema);
  const logger = createLogger('package-installer', config.LOG_LEVEL);
  const onError = (error: unknown) => logger.error({ err: error }, 'background work failed');
  const stopping = new AbortController();
  const database = await Database.open({
    url: config.DATABASE_URL,
    migrationsDir: config.CLOUDHERO_MIGRATIONS_DIR,
    onWait: (error) => logger.warn({ error }, 'Postgres is away; waiting for it'),
  });
  const queueOptions = { url: config.REDIS_URL, prefix: config.CLOUDHERO_QUEUE_PREFIX };
  const waker = new Waker(queueOptions);
  const server = new BullServer({
    ...queueOptions,
    queues: { [WAKE_QUEUES.node]: config.CLOUDHERO_INSTALL_CONCURRENCY },
    onError,
  });
  const module = AppModule.with({ config, database, waker, logger, stopping: stopping.signal });
  const options = { strategy: server, logger: new NestLogger(logger) };
  const app = await NestFactory.createMicroservice(module, options);
  await app.listen();

  const nodes = new NodeRepository(database);
  const sweeper = new Sweeper(
    config.CLOUDHERO_SWEEP_INTERVAL_MS,
    async () => {
      await waker.wakeAll('node', await nodes.dueForInstaller());
    },
    onError,
  );
  sweeper.start();
  const round = new CheckupRound(
    app.get(CheckupRepository),
    app.get(CheckupService),
    config.CLOUDHERO_CHECK_PER_SECOND,
    onError,
  );
  round.start();
  const { CLOUDHERO_HOST: host, CLOUDHERO_PACKAGE_INSTALLER_PORT: port } = config;
  const health = await serveHealth(host, port, {
    postgres: () => database.ping(),
    redis: () => server.isReady(),
  });
  logger.info({ address: health.address() }, 'package-installer is up');

  const stop = async () => {
    logger.info('stopping');
    // What is cut off then is due again.
    setTimeout(() => process.exit(), GRACE_MS).unref();
    stopping.abort();
    await sweeper.stop();
    await Promise.all([app.close(), round.stop()]);
    health.close();
    health.closeAllConnections();
    await waker.close();
    await database.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(
      signal,
      () =>
        void stop()
          .catch(onError)
          .finally(() => process.exit()),
    );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
