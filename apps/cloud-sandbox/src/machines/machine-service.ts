import type { Logger } from '@cloudhero/telemetry';
import type { Containers } from './containers';
import type { Machine, MachineFailure, MachineSpec } from './machine';
import { isMoving } from './machine';
import type { MachineStore } from './machine-store';
import type { Timers } from './timers';

/** Where container machines are made, once the engine is ready for them. */
export interface MachineHost {
  readonly containers: Containers;
  /** The image's name; waits until it is built. Rejects when the sandbox stops. */
  ready(): Promise<string>;
}

export interface Delays {
  /** Between the request and `running`, on top of the work itself. */
  bootMs(): number;
}

const VIRTUAL_STEP_MS = 100;
const CONTAINERS_AT_ONCE = 4;
const ATTEMPTS = 4;
const BACKOFF_MS = 500;
/** In a process namespace power off ends init with SIGINT; reboot, or a host that went down, not. */
const POWERED_OFF = 130;

/**
 * Brings machines to the state that they are on the way to: one worker a machine, which looks at
 * the record, does one step, and looks again. A change of mind meanwhile (a termination during the
 * boot) is met at the next look. Records are on disk before a container is touched.
 */
export class MachineService {
  private readonly working = new Set<string>();
  private readonly rebooting = new Set<string>();
  private readonly queue: (() => void)[] = [];
  private busy = 0;
  private stopped = false;

  constructor(
    private readonly store: MachineStore,
    private readonly host: MachineHost | undefined,
    private readonly timers: Timers,
    private readonly delays: Delays,
    private readonly logger: Logger,
  ) {}

  launch(specs: readonly MachineSpec[], now: number): void {
    for (const spec of specs) {
      this.store.add({ ...spec, state: 'pending', createdAt: now, launchedAt: now });
      this.work(spec.id);
    }
  }

  /** True where the machine was off and is on its way now. */
  start(id: string, now: number): boolean {
    return this.turn(id, ['stopped'], 'pending', { launchedAt: now, force: false });
  }

  stop(id: string, force: boolean): boolean {
    return this.turn(id, ['running'], 'stopping', { force });
  }

  delete(id: string): boolean {
    return this.turn(id, ['pending', 'running', 'stopping', 'stopped'], 'deleting', {});
  }

  /** Restarts a running machine in place; its addresses stay. */
  async reboot(id: string): Promise<void> {
    const machine = this.store.find(id);
    if (machine?.state !== 'running' || machine.virtual) return;
    this.rebooting.add(id);
    try {
      await this.host?.containers.reboot(id);
    } catch (error) {
      this.logger.warn({ machine: id, err: error }, 'a machine did not reboot');
    } finally {
      this.rebooting.delete(id);
    }
  }

  /**
   * Gives a running machine another public address, as happens to machines behind their owners'
   * backs; false where it does not run.
   */
  async readdress(id: string): Promise<boolean> {
    const machine = this.store.find(id);
    if (machine?.state !== 'running') return false;
    this.store.changePublic(machine);
    this.store.flush();
    if (!machine.virtual) await this.host?.containers.readdress(machine);
    return true;
  }

  /** Takes up what a sandbox before this one left half-done. */
  resume(): void {
    for (const machine of this.store.moving()) this.work(machine.id);
  }

  /** Follows a container that ended on its own: switched off, or rebooted, from inside. */
  async ended(id: string): Promise<void> {
    const machine = this.store.find(id);
    if (!machine || machine.virtual || machine.state !== 'running') return;
    const state = await this.host?.containers.state(id);
    if (state?.running || machine.state !== 'running' || this.rebooting.has(id)) return;
    if (!state) {
      const failure = { code: 'Server.InternalError', message: 'The container is gone' };
      this.turn(id, ['running'], 'deleting', { failure });
    } else if (state.exitCode !== POWERED_OFF) this.turn(id, ['running'], 'pending', {});
    else if (machine.onShutdown === 'delete') this.turn(id, ['running'], 'deleting', {});
    else this.turn(id, ['running'], 'stopping', {});
  }

  shutdown(): void {
    this.stopped = true;
  }

  private turn(...args: Parameters<MachineStore['move']>): boolean {
    const moved = this.store.move(...args);
    if (moved) this.work(args[0]);
    return moved;
  }

  private work(id: string): void {
    if (this.working.has(id)) return;
    this.working.add(id);
    void this.follow(id).finally(() => {
      this.working.delete(id);
      const state = this.store.find(id)?.state;
      if (!this.stopped && state && isMoving(state)) this.work(id);
    });
  }

  private async follow(id: string): Promise<void> {
    for (let attempt = 1; !this.stopped;) {
      const machine = this.store.find(id);
      if (!machine || !isMoving(machine.state)) return;
      try {
        await this.step(machine);
        attempt = 1;
      } catch (error) {
        if (this.stopped) return;
        this.logger.warn({ machine: id, attempt, err: error }, 'a step of a machine failed');
        if (attempt++ >= ATTEMPTS && machine.state === 'pending') this.fail(id, String(error));
        await this.timers.sleep(BACKOFF_MS * Math.min(attempt, 10));
      }
    }
  }

  private step(machine: Machine): Promise<void> {
    if (machine.state === 'pending') return this.boot(machine);
    if (machine.state === 'stopping') return this.halt(machine);
    return this.remove(machine);
  }

  private async boot(machine: Machine): Promise<void> {
    const delay = this.delays.bootMs();
    if (machine.virtual || machine.failure) {
      await this.timers.sleep(VIRTUAL_STEP_MS + delay);
      if (machine.failure) return this.fail(machine.id, machine.failure);
    } else {
      const image = await this.imageFor(machine);
      if (!image) return;
      await this.limited(async () => {
        if (machine.state !== 'pending' || this.stopped) return;
        this.store.takePublic(machine);
        this.store.flush();
        await this.host?.containers.boot(machine, image);
      });
      if (delay > 0) await this.timers.sleep(delay);
    }
    if (machine.state !== 'pending' || this.stopped) return;
    this.store.takePublic(machine);
    this.store.move(machine.id, ['pending'], 'running', { runningAt: Date.now() });
  }

  /** Waits for the image, but no longer than the machine is wanted. */
  private async imageFor(machine: Machine): Promise<string | undefined> {
    if (!this.host) throw new Error('This sandbox has no engine to boot machines with');
    const ready = this.host.ready();
    for (;;) {
      const image = await Promise.race([ready, this.timers.sleep(200)]);
      if (machine.state !== 'pending' || this.stopped) return undefined;
      if (image) return image;
    }
  }

  private async halt(machine: Machine): Promise<void> {
    if (machine.virtual) await this.timers.sleep(VIRTUAL_STEP_MS);
    else await this.limited(async () => this.host?.containers.halt(machine));
    this.store.move(machine.id, ['stopping'], 'stopped');
  }

  private async remove(machine: Machine): Promise<void> {
    if (machine.virtual) await this.timers.sleep(VIRTUAL_STEP_MS);
    else await this.limited(async () => this.host?.containers.remove(machine.id));
    this.store.move(machine.id, ['deleting'], 'deleted', { deletedAt: Date.now() });
  }

  private fail(id: string, reason: string | MachineFailure): void {
    const failure =
      typeof reason === 'string' ? { code: 'Server.InternalError', message: reason } : reason;
    this.store.move(id, ['pending'], 'deleting', { failure });
  }

  /** At most a few machines are made at once, so that one host is not swamped. */
  private async limited(job: () => Promise<void>): Promise<void> {
    if (this.busy >= CONTAINERS_AT_ONCE)
      await new Promise<void>((resolve) => this.queue.push(resolve));
    this.busy++;
    try {
      await job();
    } finally {
      this.busy--;
      this.queue.shift()?.();
    }
  }
}
