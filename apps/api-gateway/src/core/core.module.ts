import type { ApiGatewayConfig } from '@cloudhero/config';
import {
  AccountRepository,
  ApiKeyRepository,
  ApplicationRepository,
  AuditRepository,
  Database,
  EnvironmentIntentRepository,
  EnvironmentRepository,
  EventFeed,
  IdempotencyRepository,
  IntegrationRepository,
  TenantEnvironmentRepository,
  TenantProviderRepository,
} from '@cloudhero/persistence';
import { CloudClient, Waker } from '@cloudhero/queue';
import { Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import { RateLimiter } from '../http/rate-limiter';
import { RouteTable } from '../http/route-table';
import { ShutdownService } from '../http/shutdown.service';
import { CONFIG, LOGGER } from '../tokens';
import { Connections } from './connections.service';

/** What holds connections; opened before the application is made, closed after it is. */
export interface Resources {
  database: Database;
  feed: EventFeed;
  waker: Waker;
  cloud: CloudClient;
}

const REPOSITORIES: readonly Type[] = [
  AccountRepository,
  ApiKeyRepository,
  ApplicationRepository,
  AuditRepository,
  EnvironmentIntentRepository,
  EnvironmentRepository,
  IdempotencyRepository,
  IntegrationRepository,
  TenantEnvironmentRepository,
  TenantProviderRepository,
];

/** Stores, queues and the things of HTTP, for every other module. */
@Global()
@Module({})
export class CoreModule {
  static with(config: ApiGatewayConfig, logger: Logger, resources: Resources): DynamicModule {
    const { database, feed, waker, cloud } = resources;
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: Database, useValue: database },
      { provide: EventFeed, useValue: feed },
      { provide: Waker, useValue: waker },
      { provide: CloudClient, useValue: cloud },
      { provide: Sealer, useFactory: () => new Sealer(config.CLOUDHERO_SECRET_KEYS) },
      ...REPOSITORIES.map((type) => ({
        provide: type,
        useFactory: () => new type(database) as object,
      })),
      AuditService,
      Connections,
      RateLimiter,
      RouteTable,
      ShutdownService,
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}
