import type { Logger } from '@cloudhero/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsController } from './admin/accounts.controller';
import { AdminController } from './admin/admin.controller';
import { InventoryService } from './admin/inventory.service';
import { PurgeService } from './admin/purge.service';
import { AccountsService } from './ec2/accounts.service';
import { CallerService } from './ec2/caller.service';
import { DoAccountsService } from './digitalocean/accounts.service';
import { ActionRunner } from './digitalocean/action-runner';
import { DoController } from './digitalocean/do.controller';
import { DoService } from './digitalocean/do.service';
import { DO_PARTS } from './digitalocean/do.tokens';
import { DoStore } from './digitalocean/do-store';
import { RateLimitService } from './digitalocean/rate-limit.service';
import { Ec2Controller } from './ec2/ec2.controller';
import { Ec2Service } from './ec2/ec2.service';
import { EC2_PARTS } from './ec2/ec2.tokens';
import { Ec2Store } from './ec2/ec2-store';
import { ThrottleService } from './ec2/throttle.service';
import { HealthController } from './health/health.controller';
import { CallCounter } from './knobs/call-counter';
import { KnobsController } from './knobs/knobs.controller';
import { KnobsService } from './knobs/knobs.service';
import { LifecycleService } from './lifecycle.service';
import type { DockerHost } from './machines/docker-host';
import { Journal } from './machines/journal';
import { MachineService } from './machines/machine-service';
import { MachineStore } from './machines/machine-store';
import type { NetworkPlan } from './machines/network-plan';
import { Timers } from './machines/timers';
import { ResourceKeeper } from './resource-keeper';
import { LOGGER, MACHINE_HOST, NETWORK_PLAN } from './sandbox.tokens';

export interface SandboxParts {
  journal: Journal;
  plan: NetworkPlan;
  host?: DockerHost;
  logger: Logger;
}

@Module({})
export class AppModule {
  static with({ journal, plan, host, logger }: SandboxParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        Ec2Controller,
        DoController,
        AdminController,
        AccountsController,
        KnobsController,
        HealthController,
      ],
      providers: [
        { provide: Journal, useValue: journal },
        { provide: LOGGER, useValue: logger },
        { provide: MACHINE_HOST, useFactory: () => host },
        { provide: NETWORK_PLAN, useValue: plan },
        { provide: Timers, useFactory: () => new Timers() },
        { provide: MachineStore, useFactory: () => new MachineStore(journal, plan) },
        { provide: Ec2Store, useFactory: () => new Ec2Store(journal) },
        { provide: DoStore, useFactory: () => new DoStore(journal) },
        {
          provide: MachineService,
          inject: [MachineStore, Timers, KnobsService],
          useFactory: (store: MachineStore, timers: Timers, knobs: KnobsService) =>
            new MachineService(
              store,
              host,
              timers,
              { bootMs: () => knobs.current.bootDelayMs },
              logger,
            ),
        },
        {
          provide: EC2_PARTS,
          inject: [Ec2Store, MachineStore, MachineService, KnobsService],
          useFactory: (
            store: Ec2Store,
            machineStore: MachineStore,
            machines: MachineService,
            knobs: KnobsService,
          ) => ({ store, machineStore, machines, knobs, host, plan }),
        },
        {
          provide: ActionRunner,
          inject: [DoStore, MachineStore, MachineService, Timers],
          useFactory: (
            store: DoStore,
            machineStore: MachineStore,
            machines: MachineService,
            timers: Timers,
          ) => new ActionRunner(store, machineStore, machines, timers),
        },
        {
          provide: DO_PARTS,
          inject: [DoStore, MachineStore, MachineService, KnobsService, ActionRunner],
          useFactory: (
            store: DoStore,
            machineStore: MachineStore,
            machines: MachineService,
            knobs: KnobsService,
            runner: ActionRunner,
          ) => ({ store, machineStore, machines, knobs, runner, host, plan }),
        },
        KnobsService,
        CallCounter,
        AccountsService,
        CallerService,
        ThrottleService,
        Ec2Service,
        DoAccountsService,
        RateLimitService,
        DoService,
        InventoryService,
        PurgeService,
        ResourceKeeper,
        LifecycleService,
      ],
    };
  }
}
