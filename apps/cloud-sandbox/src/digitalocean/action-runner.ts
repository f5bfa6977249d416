import type { Machine } from '../machines/machine';
import type { MachineService } from '../machines/machine-service';
import type { MachineStore } from '../machines/machine-store';
import type { Timers } from '../machines/timers';
import type { ActionRecord, ActionType, DropletRecord } from './do.records';
import { type DoStore, machineIdOf } from './do-store';

/** How long an action takes that changes no machine; seconds at DigitalOcean. */
const SHORT_MS = 100;

/**
 * Brings actions to their end. An action looks at the machine, does what is next, and looks again
 * whenever the machine has moved, so that one which a kill interrupted is taken up by `resume`.
 */
export class ActionRunner {
  constructor(
    private readonly store: DoStore,
    private readonly machineStore: MachineStore,
    private readonly machines: MachineService,
    private readonly timers: Timers,
  ) {
    machineStore.onMove((machine) => this.moved(machine));
  }

  /** Begins an action, which locks the droplet until it ends. */
  begin(
    droplet: DropletRecord,
    type: ActionType,
    now: number,
    end?: Pick<ActionRecord, 'endsAt' | 'endsWith'>,
  ): ActionRecord {
    const action: ActionRecord = {
      id: this.store.nextId('action'),
      account: droplet.account,
      dropletId: droplet.id,
      region: droplet.region,
      type,
      status: 'in-progress',
      startedAt: now,
      ...(type === 'rename' && { endsAt: now + SHORT_MS, endsWith: 'completed' }),
      ...end,
    };
    this.store.putAction(action);
    return action;
  }

  /** Takes up every action that has not ended. */
  resume(): void {
    for (const action of this.store.pendingActions()) this.advance(action);
  }

  /** Does what is next for an action; asks the machine, so that it may be called at any time. */
  advance(action: ActionRecord): void {
    if (action.status !== 'in-progress') return;
    const machine = this.machineStore.find(machineIdOf(action.dropletId));
    if (!machine || machine.state === 'deleting' || machine.state === 'deleted')
      return this.end(action, 'errored');
    if (action.endsAt !== undefined) {
      const { endsAt, endsWith = 'completed' } = action;
      this.timers.after(endsAt - Date.now(), () => this.end(action, endsWith));
    } else if (action.type === 'reboot') void this.reboot(action);
    else this.steer(action, machine);
  }

  /** Marks a droplet as gone for every call from now on, and takes it off its firewalls. */
  vanish(droplet: DropletRecord, now: number): void {
    if (droplet.goneAt) return;
    this.store.putDroplet(Object.assign(droplet, { goneAt: now }));
    for (const firewall of this.store.firewalls(droplet.account))
      if (firewall.dropletIds.includes(droplet.id)) {
        firewall.dropletIds = firewall.dropletIds.filter((id) => id !== droplet.id);
        this.store.putFirewall(firewall);
      }
  }

  private steer(action: ActionRecord, machine: Machine): void {
    const isUp = machine.state === 'running';
    const isOff = machine.state === 'stopped';
    const goesUp = action.type === 'create' || action.type === 'power_on' || action.isRising;
    if (goesUp && isUp) this.end(action, 'completed');
    else if (goesUp && isOff) this.machines.start(machine.id, Date.now());
    else if (goesUp) return;
    else if (isUp) this.machines.stop(machine.id, action.type !== 'shutdown');
    else if (isOff && action.type === 'power_cycle') {
      this.store.putAction(Object.assign(action, { isRising: true }));
      this.machines.start(machine.id, Date.now());
    } else if (isOff) this.end(action, 'completed');
  }

  private async reboot(action: ActionRecord): Promise<void> {
    await this.machines.reboot(machineIdOf(action.dropletId));
    this.timers.after(SHORT_MS, () => this.end(action, 'completed'));
  }

  private end(action: ActionRecord, status: 'completed' | 'errored'): void {
    if (action.status !== 'in-progress') return;
    this.store.putAction(Object.assign(action, { status, completedAt: Date.now() }));
  }

  private moved(machine: Machine): void {
    const droplet = this.store.dropletOfMachine(machine.id);
    if (!droplet) return;
    const action = this.store.pendingAction(droplet.id);
    if (machine.state === 'deleting' || machine.state === 'deleted')
      this.vanish(droplet, Date.now());
    // What ends at a time of its own has its timer already, and a reboot its call.
    if (action && action.endsAt === undefined && action.type !== 'reboot') this.advance(action);
  }
}
