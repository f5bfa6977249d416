import { Inject, Injectable } from '@nestjs/common';
import { ActionRunner } from './digitalocean/action-runner';
import { DoStore } from './digitalocean/do-store';
import { sweepDroplets } from './digitalocean/droplet-sweeper';
import { dropletSubnet } from './digitalocean/regions';
import { Ec2Store } from './ec2/ec2-store';
import { sweepInstances } from './ec2/instance-sweeper';
import { KnobsService } from './knobs/knobs.service';
import type { Machine } from './machines/machine';
import { MachineStore } from './machines/machine-store';
import type { NetworkPlan } from './machines/network-plan';
import { NETWORK_PLAN } from './sandbox.tokens';

/** What both clouds' machines hold besides themselves, from the start of the sandbox to its end. */
@Injectable()
export class ResourceKeeper {
  constructor(
    private readonly machines: MachineStore,
    private readonly ec2: Ec2Store,
    private readonly digitalOcean: DoStore,
    private readonly runner: ActionRunner,
    private readonly knobs: KnobsService,
    @Inject(NETWORK_PLAN) private readonly plan: NetworkPlan,
  ) {}

  /** Takes up addresses and actions of the last run, and follows machines from now on. */
  takeUp(): void {
    for (const machine of this.machines.all()) {
      const subnet = machine.state === 'deleted' ? undefined : this.subnetOf(machine);
      if (subnet) this.machines.keepPrivate(subnet, machine.privateAddress);
    }
    this.machines.onMove((machine) => {
      if (machine.state === 'deleted') this.letGo(machine);
    });
    this.runner.resume();
  }

  sweep(now: number): void {
    sweepInstances(this.ec2, this.machines, now);
    sweepDroplets(this.digitalOcean, this.machines, now);
  }

  /** A machine holds its private address until it is gone, and most instances their volume. */
  private letGo(machine: Machine): void {
    const subnet = this.subnetOf(machine);
    if (subnet) this.machines.givePrivate(subnet, machine.privateAddress);
    const volume = this.ec2.volume(this.ec2.instanceById(machine.id)?.volumeId ?? '');
    if (volume?.deleteOnTermination && !this.knobs.current.keepVolumes)
      this.ec2.forgetVolume(volume);
  }

  private subnetOf({ id }: Machine): string | undefined {
    if (this.digitalOcean.dropletOfMachine(id)) return dropletSubnet(this.plan.privateCidr);
    return this.ec2.instanceById(id)?.subnetCidr;
  }
}
