import type { CloudSandboxConfig } from '@cloudhero/config';
import { type Logger, NestLogger } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import { DoAccountsService } from './digitalocean/accounts.service';
import { AccountsService } from './ec2/accounts.service';
import { DockerEngine } from './machines/docker-engine';
import { DockerHost } from './machines/docker-host';
import { Journal } from './machines/journal';
import { settlePlan } from './machines/settle-plan';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** The sandbox, ready to listen. */
export async function createApp(
  config: CloudSandboxConfig,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const journal = new Journal(config.CLOUDHERO_SANDBOX_STATE_DIR);
  const name = config.CLOUDHERO_SANDBOX_NAME;
  const engine =
    config.CLOUDHERO_SANDBOX_MACHINES === 'docker'
      ? new DockerEngine(config.DOCKER_HOST)
      : undefined;
  const plan = await settlePlan(journal, name, engine);
  const host = engine && new DockerHost(engine, name, plan, logger);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ journal, plan, host, logger }),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false },
  );
  // Signatures are over the bytes, so nothing parses a body before it is checked.
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app
    .get(AccountsService)
    .configure(config.CLOUDHERO_SANDBOX_ACCESS_KEY, config.CLOUDHERO_SANDBOX_SECRET_KEY);
  if (config.CLOUDHERO_SANDBOX_DO_TOKEN)
    app.get(DoAccountsService).configure(config.CLOUDHERO_SANDBOX_DO_TOKEN);
  app.enableShutdownHooks([], { useProcessExit: true });
  return app;
}
