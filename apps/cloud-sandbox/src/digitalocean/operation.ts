import type { KnobsService } from '../knobs/knobs.service';
import type { MachineHost, MachineService } from '../machines/machine-service';
import type { MachineStore } from '../machines/machine-store';
import type { NetworkPlan } from '../machines/network-plan';
import type { ActionRunner } from './action-runner';
import type { DoStore } from './do-store';

/** What the operations work with. */
export interface DoParts {
  store: DoStore;
  machineStore: MachineStore;
  machines: MachineService;
  host?: MachineHost;
  knobs: KnobsService;
  plan: NetworkPlan;
  runner: ActionRunner;
}

export interface OperationContext extends DoParts {
  account: string;
  /** Milliseconds since 1970. */
  now: number;
  /** By the names in the route's path, decoded. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** The parsed JSON, or undefined where there was none. */
  body: unknown;
  /** `http://HOST/v2/PATH` as the caller wrote it, without its query; links go on from it. */
  url: string;
}

export interface OperationResult {
  status: number;
  body?: object;
}

/** One operation of the API. @throws DoError */
export type Operation = (context: OperationContext) => OperationResult;

export const ok = (body: object): OperationResult => ({ status: 200, body });
export const created = (body: object): OperationResult => ({ status: 201, body });
export const accepted = (body: object): OperationResult => ({ status: 202, body });
export const noContent: OperationResult = { status: 204 };
