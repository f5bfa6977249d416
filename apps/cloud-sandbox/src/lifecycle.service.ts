import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '@cloudhero/telemetry';
import { Ec2Store } from './ec2/ec2-store';
import { sweepInstances } from './ec2/instance-sweeper';
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
    private readonly ec2: Ec2Store,
    @Inject(MACHINE_HOST) private readonly host: DockerHost | undefined,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.keepAddresses();
    if (this.host) this.startHost(this.host);
    this.machines.resume();
    this.sweep = setInterval(() => sweepInstances(this.ec2, this.store, Date.now()), SWEEP_MS);
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

  /** An instance holds its private address until it is terminated. */
  private keepAddresses(): void {
    for (const { instanceId, subnetCidr } of this.ec2.allInstances()) {
      const machine = this.store.find(instanceId);
      if (machine && machine.state !== 'deleted')
        this.store.keepPrivate(subnetCidr, machine.privateAddress);
    }
    this.store.onMove((machine) => {
      const record = machine.state === 'deleted' && this.ec2.instanceById(machine.id);
      if (record) this.store.givePrivate(record.subnetCidr, machine.privateAddress);
    });
  }
}
