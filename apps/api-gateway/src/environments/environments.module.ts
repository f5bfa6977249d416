import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module';
import { ActedWaiter } from './acted-waiter.service';
import { DockerBundleService } from './docker-bundle.service';
import { EnvironmentActionsController } from './environment-actions.controller';
import { EnvironmentActionsService } from './environment-actions.service';
import { EnvironmentChecks } from './environment-checks.service';
import { EnvironmentCreateController } from './environment-create.controller';
import { EnvironmentCreateService } from './environment-create.service';
import { EnvironmentRepairService } from './environment-repair.service';
import { EnvironmentWaiter } from './environment-waiter.service';
import { EnvironmentsController } from './environments.controller';
import { EnvironmentsService } from './environments.service';
import { EventStream } from './event-stream.service';
import { EventsController } from './events.controller';
import { LaunchAnswer } from './launch-answer.service';
import { NodesController } from './nodes.controller';
import { NodesService } from './nodes.service';

@Module({
  imports: [ProvidersModule],
  controllers: [
    EnvironmentsController,
    EnvironmentCreateController,
    EnvironmentActionsController,
    NodesController,
    EventsController,
  ],
  providers: [
    ActedWaiter,
    DockerBundleService,
    EnvironmentActionsService,
    EnvironmentChecks,
    EnvironmentCreateService,
    EnvironmentRepairService,
    EnvironmentsService,
    EnvironmentWaiter,
    EventStream,
    LaunchAnswer,
    NodesService,
  ],
})
export class EnvironmentsModule {}
