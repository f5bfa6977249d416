import type { ProvisionerConfig } from '@cloudhero/config';
import {
  Database,
  EnvironmentRepository,
  LaunchRepository,
  NodeRepository,
  ProviderRepository,
} from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';
import { CloudAccountsService } from './clouds/cloud-accounts.service';
import { EnvironmentController } from './environments/environment.controller';
import { EnvironmentReconciler } from './environments/environment.reconciler';
import { LaunchNodes } from './environments/launch-nodes';
import { ObserveScopeService } from './observing/observe-scope.service';
import { ScopeController } from './observing/scope.controller';
import { CloudQuestionsController } from './questions/cloud-questions.controller';
import { SweepersService } from './sweepers.service';
import { CONFIG, LOGGER } from './tokens';

/** Wires provisioner together. What is opened before Nest starts is passed in. */
@Module({})
export class AppModule {
  static with(config: ProvisionerConfig, database: Database, logger: Logger): DynamicModule {
    const environments = new EnvironmentRepository(database);
    const nodes = new NodeRepository(database);
    const providers = new ProviderRepository(database);
    const sealer = new Sealer(config.CLOUDHERO_SECRET_KEYS);
    const accounts = new CloudAccountsService(sealer, config.CLOUDHERO_INSTALLATION_ID);
    const waker = new Waker({ url: config.REDIS_URL, prefix: config.CLOUDHERO_QUEUE_PREFIX });
    const reconciler = new EnvironmentReconciler(
      { environments, nodes },
      new LaunchNodes(new LaunchRepository(database), nodes, sealer),
      accounts,
      sealer,
      waker,
      config.CLOUDHERO_SSH_FROM.split(','),
      logger,
    );
    return {
      module: AppModule,
      controllers: [EnvironmentController, ScopeController, CloudQuestionsController],
      providers: [
        SweepersService,
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: EnvironmentRepository, useValue: environments },
        { provide: ProviderRepository, useValue: providers },
        { provide: CloudAccountsService, useValue: accounts },
        { provide: Waker, useValue: waker },
        { provide: EnvironmentReconciler, useValue: reconciler },
        {
          provide: ObserveScopeService,
          useValue: new ObserveScopeService(environments, nodes, providers, accounts, waker),
        },
      ],
    };
  }
}
