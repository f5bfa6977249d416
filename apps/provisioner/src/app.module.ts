import type { ProvisionerConfig } from '@cloudhero/config';
import {
  CloudScopeRepository,
  Database,
  EnvironmentRepository,
  LaunchRepository,
  NodeRepository,
  ProviderRepository,
} from '@cloudhero/persistence';
import { RedisCallBudget, Waker } from '@cloudhero/queue';
import { Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';
import { CloudAccountsService } from './clouds/cloud-accounts.service';
import { ProviderGate } from './clouds/provider-gate';
import { EnvironmentRunner } from './environments/environment-runner';
import { EnvironmentController } from './environments/environment.controller';
import { EnvironmentReconciler } from './environments/environment.reconciler';
import { FinishEnvironment } from './environments/finish-environment';
import { LaunchNodes } from './environments/launch-nodes';
import { LocalWork } from './local-work';
import { ObserveScopeService } from './observing/observe-scope.service';
import { ScopeLooksService } from './observing/scope-looks.service';
import { ScopeController } from './observing/scope.controller';
import { StraysService } from './observing/strays.service';
import { OrphansService } from './orphans/orphans.service';
import { CloudQuestionsController } from './questions/cloud-questions.controller';
import { SweepersService } from './sweepers.service';
import { CONFIG, LOGGER } from './tokens';

/** Of one cloud account's work in this process: so much at once, so much more may wait for it. */
const GATE = { running: 10, waiting: 20 };
/** Looks have places of their own: work that waits for a look must not keep it out. */
const LOOKS_GATE = { running: 5, waiting: 20 };

/** What the process opens before Nest starts, and closes itself. */
export interface Resources {
  config: ProvisionerConfig;
  database: Database;
  waker: Waker;
  budget: RedisCallBudget;
  logger: Logger;
  /** Aborted when the process is asked to stop. */
  stopping: AbortSignal;
}

/** Wires provisioner together. */
@Module({})
export class AppModule {
  static with(resources: Resources): DynamicModule {
    const { config, database, waker, budget, logger, stopping } = resources;
    const environments = new EnvironmentRepository(database);
    const nodes = new NodeRepository(database);
    const launches = new LaunchRepository(database);
    const providers = new ProviderRepository(database);
    const scopes = new CloudScopeRepository(database);
    const sealer = new Sealer(config.CLOUDHERO_SECRET_KEYS);
    const accounts = new CloudAccountsService(sealer, config.CLOUDHERO_INSTALLATION_ID, budget);
    const gate = new ProviderGate(GATE.running, GATE.waiting);
    const stores = { environments, nodes, launches };
    const reconciler = new EnvironmentReconciler(
      stores,
      accounts,
      waker,
      {
        launcher: new LaunchNodes(launches, nodes, sealer),
        finisher: new FinishEnvironment(stores),
        sealer,
        sshFrom: config.CLOUDHERO_SSH_FROM.split(','),
        stopping,
      },
      logger,
    );
    const runner = new EnvironmentRunner(environments, reconciler, gate);
    const observer = new ObserveScopeService(
      { environments, nodes, providers, scopes },
      accounts,
      new StraysService(scopes, environments, logger),
      waker,
    );
    const looksGate = new ProviderGate(LOOKS_GATE.running, LOOKS_GATE.waiting);
    const looks = new ScopeLooksService(scopes, observer, looksGate, logger);
    return {
      module: AppModule,
      controllers: [EnvironmentController, ScopeController, CloudQuestionsController],
      providers: [
        SweepersService,
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: EnvironmentRepository, useValue: environments },
        { provide: ProviderRepository, useValue: providers },
        { provide: CloudScopeRepository, useValue: scopes },
        { provide: CloudAccountsService, useValue: accounts },
        { provide: Waker, useValue: waker },
        { provide: EnvironmentRunner, useValue: runner },
        { provide: ObserveScopeService, useValue: observer },
        { provide: ScopeLooksService, useValue: looks },
        { provide: OrphansService, useValue: new OrphansService(providers, scopes, accounts) },
        { provide: LocalWork, useValue: new LocalWork(runner, looks, logger) },
      ],
    };
  }
}
