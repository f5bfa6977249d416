import { AddressPool } from './addresses';
import type { Journal } from './journal';
import { isMoving, type Machine, mayBecome, type MachineState } from './machine';
import type { NetworkPlan } from './network-plan';

const TABLE = 'machine';

/** The machines of a sandbox, kept in its journal, and the addresses that they hold. */
export class MachineStore {
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly subnets = new Map<string, AddressPool>();
  private readonly publicPool: AddressPool;
  private readonly listeners = new Set<(machine: Machine) => void>();

  constructor(
    private readonly journal: Journal,
    plan: NetworkPlan,
  ) {
    this.machines = journal.table<Machine>(TABLE);
    this.publicPool = new AddressPool(plan.publicCidr);
    for (const { publicAddress } of this.machines.values())
      if (publicAddress) this.publicPool.keep(publicAddress);
  }

  all(): Iterable<Machine> {
    return this.machines.values();
  }

  find(id: string): Machine | undefined {
    return this.machines.get(id);
  }

  add(machine: Machine): void {
    this.journal.put(TABLE, machine.id, machine);
  }

  forget(id: string): void {
    this.journal.remove(TABLE, id);
  }

  /**
   * Moves a machine from one of `from` to `to` with the changes that go with it; false where it
   * is elsewhere by now, or gone. Addresses that the new state does not hold are given back.
   */
  move(
    id: string,
    from: MachineState[],
    to: MachineState,
    changes: Partial<Machine> = {},
  ): boolean {
    const machine = this.machines.get(id);
    if (!machine || !from.includes(machine.state) || !mayBecome(machine.state, to)) return false;
    if (to === 'deleted' || (to === 'stopped' && !machine.keepsPublicAddress))
      this.givePublic(machine);
    Object.assign(machine, { state: to }, changes);
    this.journal.put(TABLE, id, machine);
    for (const listener of this.listeners) listener(machine);
    return true;
  }

  /** Called after every change of state. */
  onMove(listener: (machine: Machine) => void): void {
    this.listeners.add(listener);
  }

  /** Machines with work left, as after a restart. */
  moving(): Machine[] {
    return [...this.machines.values()].filter(({ state }) => isMoving(state));
  }

  /** A machine's address for its life, from a subnet of the private network. */
  takePrivate(cidr: string): string | undefined {
    return this.subnet(cidr).take();
  }

  givePrivate(cidr: string, address: string): void {
    this.subnet(cidr).give(address);
  }

  keepPrivate(cidr: string, address: string): void {
    this.subnet(cidr).keep(address);
  }

  freePrivate(cidr: string): number {
    return this.subnet(cidr).free;
  }

  /** Gives a machine a public address where it has none. */
  takePublic(machine: Machine): void {
    if (machine.publicAddress) return;
    machine.publicAddress = this.publicPool.take();
    this.journal.put(TABLE, machine.id, machine);
  }

  /** Another public address instead of the one that a machine has. */
  changePublic(machine: Machine): void {
    const before = machine.publicAddress;
    machine.publicAddress = this.publicPool.take();
    if (before) this.publicPool.give(before);
    this.journal.put(TABLE, machine.id, machine);
  }

  flush(): void {
    this.journal.flush();
  }

  private givePublic(machine: Machine): void {
    if (machine.publicAddress) this.publicPool.give(machine.publicAddress);
    delete machine.publicAddress;
  }

  private subnet(cidr: string): AddressPool {
    let pool = this.subnets.get(cidr);
    if (!pool) this.subnets.set(cidr, (pool = new AddressPool(cidr)));
    return pool;
  }
}
