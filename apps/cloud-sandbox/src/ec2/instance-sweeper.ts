import type { MachineStore } from '../machines/machine-store';
import type { Ec2Store } from './ec2-store';

const TERMINATED_VISIBLE_MS = 60 * 60_000;
const TOKEN_LIFE_MS = 24 * 60 * 60_000;

/** Forgets instances an hour after their termination, and ClientTokens after a day. */
export function sweepInstances(store: Ec2Store, machines: MachineStore, now: number): void {
  for (const record of store.allInstances()) {
    const machine = machines.find(record.instanceId);
    if (machine && (machine.deletedAt ?? Infinity) > now - TERMINATED_VISIBLE_MS) continue;
    store.forgetInstance(record);
    machines.forget(record.instanceId);
  }
  store.forgetTokensBefore(now - TOKEN_LIFE_MS);
}
