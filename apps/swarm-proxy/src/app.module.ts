import { loadConfig, swarmProxySchema, type SwarmProxyConfig } from '@cloudhero/config';
import { ClusterRepository, Database } from '@cloudhero/persistence';
import { Sealer } from '@cloudhero/secrets';
import { createLogger, type Logger } from '@cloudhero/telemetry';
import { Module, type Provider } from '@nestjs/common';
import { AccessService } from './access/access.service';
import { ClustersService } from './cluster/clusters.service';
import { createHandlers } from './handlers/handlers';
import { ProxyServer } from './http/proxy-server';
import { ProxyLifecycle } from './proxy-lifecycle.service';
import { CONFIG, LOGGER } from './tokens';

const providers: Provider[] = [
  { provide: CONFIG, useFactory: () => loadConfig(swarmProxySchema) },
  {
    provide: LOGGER,
    useFactory: (config: SwarmProxyConfig) => createLogger('swarm-proxy', config.LOG_LEVEL),
    inject: [CONFIG],
  },
  {
    provide: Database,
    useFactory: (config: SwarmProxyConfig, logger: Logger) =>
      Database.open({
        url: config.DATABASE_URL,
        migrationsDir: config.CLOUDHERO_MIGRATIONS_DIR,
        poolSize: 4,
        onWait: (error) => logger.warn({ error }, 'Postgres is away; waiting for it'),
      }),
    inject: [CONFIG, LOGGER],
  },
  {
    provide: ClusterRepository,
    useFactory: (database: Database) => new ClusterRepository(database),
    inject: [Database],
  },
  {
    provide: Sealer,
    useFactory: (config: SwarmProxyConfig) => new Sealer(config.CLOUDHERO_SECRET_KEYS),
    inject: [CONFIG],
  },
  {
    provide: AccessService,
    useFactory: (repository: ClusterRepository) => new AccessService(repository),
    inject: [ClusterRepository],
  },
  {
    provide: ClustersService,
    useFactory: (repository: ClusterRepository, sealer: Sealer) =>
      new ClustersService({ repository, sealer }),
    inject: [ClusterRepository, Sealer],
  },
  {
    provide: ProxyServer,
    useFactory: (
      access: AccessService,
      clusters: ClustersService,
      sealer: Sealer,
      database: Database,
      logger: Logger,
    ) =>
      new ProxyServer({
        access,
        clusters,
        handlers: createHandlers(sealer),
        ready: () => database.ping(),
        logger,
      }),
    inject: [AccessService, ClustersService, Sealer, Database, LOGGER],
  },
  ProxyLifecycle,
];

@Module({ providers })
export class AppModule {}
