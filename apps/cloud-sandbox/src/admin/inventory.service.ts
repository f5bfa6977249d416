import { Inject, Injectable } from '@nestjs/common';
import { DoStore, machineIdOf } from '../digitalocean/do-store';
import { Ec2Store } from '../ec2/ec2-store';
import { stateOf } from '../ec2/instance-view';
import type { DockerHost } from '../machines/docker-host';
import { MachineStore } from '../machines/machine-store';
import { MACHINE_HOST } from '../sandbox.tokens';

/** Something that an account still has; `id` is the cloud's own. */
export interface LeftResource {
  cloud: 'ec2' | 'digital_ocean';
  kind: 'instance' | 'volume' | 'key' | 'group' | 'firewall' | 'tag';
  id: string;
  name: string;
  account: string;
  region?: string;
  /** As EC2 calls it, of instances alone. */
  state?: string;
  /** A map at EC2, names at DigitalOcean. */
  tags: Record<string, string> | string[];
}

/** What there is at both clouds, whoever it belongs to. */
@Injectable()
export class InventoryService {
  constructor(
    private readonly ec2: Ec2Store,
    private readonly digitalOcean: DoStore,
    private readonly machines: MachineStore,
    @Inject(MACHINE_HOST) private readonly host: DockerHost | undefined,
  ) {}

  /** Every instance and droplet, those that are gone included while they are remembered. */
  instances() {
    const instances = this.ec2.allInstances().map((record) => ({
      cloud: 'ec2' as const,
      instanceId: record.instanceId,
      account: record.account,
      region: record.region,
      zone: record.zone,
      ...this.machineOf(record.instanceId),
      clientToken: record.clientToken,
      tags: record.tags,
    }));
    const droplets = [...this.digitalOcean.allDroplets()].map((record) => ({
      cloud: 'digital_ocean' as const,
      instanceId: String(record.id),
      name: record.name,
      account: record.account,
      region: record.region,
      ...this.machineOf(machineIdOf(record.id)),
      tags: record.tags,
    }));
    return [...instances, ...droplets];
  }

  /** Everything that is not gone, EC2's default groups aside: what a bill or a quota would show. */
  resources(account?: string): LeftResource[] {
    const all = [...this.instancesLeft(), ...this.ec2Left(), ...this.digitalOceanLeft()];
    return all.filter((each) => account === undefined || each.account === account);
  }

  private instancesLeft(): LeftResource[] {
    return this.instances()
      .filter(({ state }) => state !== undefined && state !== 'terminated')
      .map(({ cloud, instanceId: id, account, region, state, tags, ...rest }) => {
        const name = 'name' in rest ? rest.name : id;
        return { cloud, kind: 'instance', id, name, account, region, state, tags };
      });
  }

  private ec2Left(): LeftResource[] {
    const cloud = 'ec2';
    const { volumes, keyPairs, groups } = this.ec2.everything();
    return [
      ...volumes.map(({ volumeId: id, account, region, tags }): LeftResource => {
        return { cloud, kind: 'volume', id, name: id, account, region, tags };
      }),
      ...keyPairs.map(({ keyPairId: id, keyName: name, account, region, tags }): LeftResource => {
        return { cloud, kind: 'key', id, name, account, region, tags };
      }),
      ...groups
        .filter(({ groupName }) => groupName !== 'default')
        .map(({ groupId: id, groupName: name, account, region, tags }): LeftResource => {
          return { cloud, kind: 'group', id, name, account, region, tags };
        }),
    ];
  }

  private digitalOceanLeft(): LeftResource[] {
    const cloud = 'digital_ocean';
    const { keys, firewalls, tags: tagRecords } = this.digitalOcean.everything();
    return [
      ...keys.map(({ id, name, account }): LeftResource => {
        return { cloud, kind: 'key', id: String(id), name, account, tags: [] };
      }),
      ...firewalls.map(({ id, name, account, tags }): LeftResource => {
        return { cloud, kind: 'firewall', id, name, account, tags };
      }),
      ...tagRecords.map(({ name, account }): LeftResource => {
        return { cloud, kind: 'tag', id: name, name, account, tags: [] };
      }),
    ];
  }

  private machineOf(id: string) {
    const machine = this.machines.find(id);
    const hasContainer = machine && !machine.virtual && machine.state !== 'deleted';
    return {
      state: machine && stateOf(machine).name,
      virtual: machine?.virtual,
      privateAddress: machine?.privateAddress,
      publicAddress: machine?.publicAddress,
      container: hasContainer ? this.host?.nameOf(id) : undefined,
    };
  }
}
