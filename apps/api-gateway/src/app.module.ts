import type { ApiGatewayConfig } from '@cloudhero/config';
import type { Logger } from '@cloudhero/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccountsModule } from './accounts/accounts.module';
import { ApplicationsModule } from './applications/applications.module';
import { KeyGuard } from './auth/key.guard';
import { CoreModule, type Resources } from './core/core.module';
import { EnvironmentsModule } from './environments/environments.module';
import { HealthModule } from './health/health.controller';
import { ErrorFilter } from './http/error.filter';
import { ValidationPipe } from './http/validation.pipe';
import { IdempotencyClaims } from './idempotency/idempotency-claims.service';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor';
import { IntegrationsModule } from './integrations/integrations.module';
import { PackagesModule } from './packages/packages.controller';
import { ProvidersModule } from './providers/providers.module';

@Module({})
export class AppModule {
  static with(config: ApiGatewayConfig, logger: Logger, resources: Resources): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.with(config, logger, resources),
        AccountsModule,
        ApplicationsModule,
        EnvironmentsModule,
        HealthModule,
        IntegrationsModule,
        PackagesModule,
        ProvidersModule,
      ],
      providers: [
        IdempotencyClaims,
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_PIPE, useClass: ValidationPipe },
      ],
    };
  }
}
