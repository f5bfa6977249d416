import 'reflect-metadata';
import { cloudSandboxSchema, loadConfig } from '@cloudhero/config';
import { createLogger } from '@cloudhero/telemetry';
import { createApp } from './create-app';

async function main(): Promise<void> {
  const config = loadConfig(cloudSandboxSchema);
  const logger = createLogger('cloud-sandbox', config.LOG_LEVEL);
  const app = await createApp(config, logger);
  await app.listen(config.CLOUDHERO_SANDBOX_PORT, config.CLOUDHERO_HOST);
  logger.info({ url: await app.getUrl() }, 'listening');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
