import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '@cloudhero/telemetry';
import { ResourceKeeper } from './resource-keeper';
import type { DockerHost } from './machines/docker-host';
import { Journal } from './machines/journal';
import { MachineService } from './machines/machine-service';
import { MachineStore } from './machines/machine-store';
import { reconcileContainers } from './machines/reconcile-containers';
import { Timers } from './machines/timers';
import { LOGGER, MACHINE_HOST } from './sandbox.tokens';

const SWEEP_MS = 60_000;

/** Takes up what the last run left, and lets go of everything at the end; machines keep running. */
@Injectable()
export class LifecycleService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sweep?: NodeJS.Timeout;

  constructor(
    private readonly journal: Journal,
    private readonly timers: Timers,
    private readonly store: MachineStore,
    private readonly machines: MachineService,
    private readonly resources: ResourceKeeper,
    @Inject(MACHINE_HOST) private readonly host: DockerHost | undefined,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.resources.takeUp();
    if (this.host) this.startHost(this.host);
    this.machines.resume();
    this.sweep = setInterval(() => this.resources.sweep(Date.now()), SWEEP_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.sweep);
    this.machines.shutdown();
    this.host?.stop();
    this.timers.stop();
    this.journal.close();
  }

  private startHost(host: DockerHost): void {
    const reconcile = () =>
      reconcileContainers(host.containers, this.store, this.machines, this.logger);
    host.beforeFirstUse = reconcile;
    void host.ready();
    void host.watch((id) => void this.followed(id), reconcile);
  }

  private async followed(id: string): Promise<void> {
    await this.machines
      .ended(id)
      .catch((error: unknown) => this.logger.warn({ machine: id, err: error }, 'cannot follow'));
  }
}
