import 'reflect-metadata';
import { apiGatewaySchema, loadConfig } from '@cloudhero/config';
import { createLogger } from '@cloudhero/telemetry';
import { createApp } from './create-app';
import { openResources } from './core/open-resources';

/** Longest that a process goes on after SIGTERM. */
const GRACE_MS = 28_000;

async function main() {
  const config = loadConfig(apiGatewaySchema);
  const logger = createLogger('api-gateway', config.LOG_LEVEL);
  const app = await createApp(config, logger, await openResources(config, logger));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), GRACE_MS).unref();
      app.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  await app.listen(config.CLOUDHERO_API_PORT, config.CLOUDHERO_HOST);
  logger.info({ url: await app.getUrl() }, 'listening');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
