import type { KnobsService } from '../knobs/knobs.service';
import type { MachineHost, MachineService } from '../machines/machine-service';
import type { MachineStore } from '../machines/machine-store';
import type { NetworkPlan } from '../machines/network-plan';
import type { Scope } from './ec2.records';
import type { Ec2Store } from './ec2-store';
import type { Params } from './params';
import type { XmlObject } from './xml';

/** What the actions work with. */
export interface Ec2Parts {
  store: Ec2Store;
  machineStore: MachineStore;
  machines: MachineService;
  host?: MachineHost;
  knobs: KnobsService;
  plan: NetworkPlan;
}

export interface ActionContext extends Ec2Parts {
  scope: Scope;
  /** Milliseconds since 1970. */
  now: number;
}

/** One EC2 action: parameters in, the answer's elements out. @throws Ec2Error */
export type Action = (context: ActionContext, params: Params) => XmlObject | Promise<XmlObject>;
