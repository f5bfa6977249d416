import type { PackageInstallerConfig } from '@cloudhero/config';
import {
  CheckupRepository,
  EnvironmentRepository,
  IntegrationCredentialsRepository,
  NodeRepository,
  type Database,
} from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';
import { BootStep } from './boot/boot.step';
import { CheckupService } from './checkup/checkup.service';
import { LookService } from './checkup/look.service';
import { ClusterViewService } from './cluster/cluster-view.service';
import { ClusterService } from './cluster/cluster.service';
import { EngineCheckService } from './cluster/engine-check.service';
import { EngineFilesService } from './cluster/engine-files.service';
import { EnginesService } from './cluster/engines.service';
import { JoinStep } from './cluster/join.step';
import { LeaveStep } from './cluster/leave.step';
import { MembershipService } from './cluster/membership.service';
import { BalanceService } from './cluster/balance.service';
import { PruneService } from './cluster/prune.service';
import { InstallStep } from './install/install.step';
import { NodeRunsService } from './reconcile/node-runs.service';
import { NodeSteps } from './reconcile/node-steps';
import { NodeController } from './reconcile/node.controller';
import { NodeReconciler } from './reconcile/node.reconciler';
import { LOGGER, STOPPING } from './tokens';

/** What the process opens and closes itself. */
export interface Resources {
  config: PackageInstallerConfig;
  database: Database;
  waker: Waker;
  logger: Logger;
  /** Aborted when the process is asked to stop. */
  stopping: AbortSignal;
}

@Module({})
export class AppModule {
  static with({ config, database, waker, logger, stopping }: Resources): DynamicModule {
    return {
      module: AppModule,
      controllers: [NodeController],
      providers: [
        { provide: NodeRepository, useValue: new NodeRepository(database) },
        { provide: CheckupRepository, useValue: new CheckupRepository(database) },
        { provide: EnvironmentRepository, useValue: new EnvironmentRepository(database) },
        {
          provide: IntegrationCredentialsRepository,
          useValue: new IntegrationCredentialsRepository(database),
        },
        { provide: Sealer, useValue: new Sealer(config.CLOUDHERO_SECRET_KEYS) },
        { provide: Waker, useValue: waker },
        { provide: LOGGER, useValue: logger },
        { provide: STOPPING, useValue: stopping },
        ...[NodeReconciler, NodeRunsService, NodeSteps, BootStep, InstallStep, JoinStep, LeaveStep],
        ...[EnginesService, EngineFilesService, EngineCheckService],
        ...[ClusterService, MembershipService, BalanceService, PruneService],
        ...[CheckupService, LookService, ClusterViewService],
      ],
    };
  }
}
