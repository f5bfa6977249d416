import { Inject, Injectable } from '@nestjs/common';
import { Ec2Store } from '../ec2/ec2-store';
import { stateOf } from '../ec2/instance-view';
import type { DockerHost } from '../machines/docker-host';
import { MachineStore } from '../machines/machine-store';
import { MACHINE_HOST } from '../sandbox.tokens';

/** Every instance of every account, terminated ones included while they are visible. */
@Injectable()
export class InventoryService {
  constructor(
    private readonly ec2: Ec2Store,
    private readonly machines: MachineStore,
    @Inject(MACHINE_HOST) private readonly host: DockerHost | undefined,
  ) {}

  instances() {
    return this.ec2.allInstances().map((record) => {
      const machine = this.machines.find(record.instanceId);
      const hasContainer = machine && !machine.virtual && machine.state !== 'deleted';
      return {
        instanceId: record.instanceId,
        account: record.account,
        region: record.region,
        zone: record.zone,
        state: machine && stateOf(machine).name,
        virtual: machine?.virtual,
        privateAddress: machine?.privateAddress,
        publicAddress: machine?.publicAddress,
        clientToken: record.clientToken,
        tags: record.tags,
        container: hasContainer ? this.host?.nameOf(record.instanceId) : undefined,
      };
    });
  }
}
