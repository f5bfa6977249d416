import type { ApiGatewayConfig } from '@cloudhero/config';
import { CloudClient, Waker } from '@cloudhero/queue';
import { NestLogger, type Logger } from '@cloudhero/telemetry';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import { guardAdmin } from './admin/operator-guard';
import { mountQueueBoard } from './admin/queue-board';
import { AppModule } from './app.module';
import type { Resources } from './core/core.module';
import { mountDocs } from './docs/open-api';
import { fastifyOptions } from './http/fastify-options';
import { acceptJsonOnly } from './http/json-body';
import { RateLimiter } from './http/rate-limiter';
import { logRequests } from './http/request-log';
import { RouteTable } from './http/route-table';
import { swarmForwarder } from './swarm/swarm-forward';

/** The whole API, ready to listen. It takes over `resources`, and closes them when it is closed. */
export async function createApp(
  config: ApiGatewayConfig,
  logger: Logger,
  resources: Resources,
): Promise<NestFastifyApplication> {
  const swarm = swarmForwarder(config.CLOUDHERO_SWARM_PROXY_URL);
  const { options, endUpgrades } = fastifyOptions({ swarm, ...tlsOf(config) });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, logger, resources),
    new FastifyAdapter(options),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  const routes = app.get(RouteTable);
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) routes.add({ method: name, url });
  });
  fastify.addHook('preClose', () => {
    endUpgrades();
    swarm.close();
  });
  acceptJsonOnly(fastify);
  logRequests(fastify, logger);
  guardAdmin(fastify, config, app.get(RateLimiter));
  await mountQueueBoard(fastify, app.get(Waker), app.get(CloudClient));
  mountDocs(app);
  await app.init();
  return app;
}

function tlsOf({ CLOUDHERO_TLS_CERT_FILE: cert, CLOUDHERO_TLS_KEY_FILE: key }: ApiGatewayConfig) {
  return cert && key ? { tls: { cert: readFileSync(cert), key: readFileSync(key) } } : {};
}
