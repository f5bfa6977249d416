import type { MachineStore } from '../machines/machine-store';
import { type DoStore, machineIdOf } from './do-store';

const KEPT_MS = 60 * 60_000;

/** Forgets droplets, and their actions, an hour after they went. */
export function sweepDroplets(store: DoStore, machines: MachineStore, now: number): void {
  for (const droplet of [...store.allDroplets()]) {
    const machineId = machineIdOf(droplet.id);
    const state = machines.find(machineId)?.state ?? 'deleted';
    if (state !== 'deleted' || (droplet.goneAt ?? now) > now - KEPT_MS) continue;
    store.forgetDroplet(droplet);
    machines.forget(machineId);
  }
  for (const action of store.allActions())
    if (action.status !== 'in-progress' && action.startedAt < now - KEPT_MS)
      store.forgetAction(action);
}
