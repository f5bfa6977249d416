import {
  containerArgs,
  containerName,
  MACHINE_LABEL,
  SANDBOX_LABEL,
  volumeName,
} from './container-args';
import { disconnect, networkNames, reconnect } from './docker-networks';
import { type DockerEngine, EngineError, readAll } from './docker-engine';
import type { Machine } from './machine';
import { seedArchive } from './seed';

export interface ContainerState {
  machineId: string;
  container: string;
  running: boolean;
}

interface Inspected {
  State: { Running: boolean; ExitCode: number };
  NetworkSettings: { Networks: Record<string, { IPAMConfig?: { IPv4Address?: string } | null }> };
}

const STOP_TIMEOUT_S = 30;

/** Machines as containers of one engine. Every call may be repeated after a crash half-way. */
export class Containers {
  constructor(
    private readonly engine: DockerEngine,
    private readonly sandbox: string,
  ) {}

  /** Creates the container where there is none, connects it, and starts it. */
  async boot(machine: Machine, image: string): Promise<void> {
    const name = containerName(this.sandbox, machine.id);
    const networks = networkNames(this.sandbox);
    let found = await this.inspect(machine.id);
    if (!found) {
      const json = containerArgs(this.sandbox, machine, image, networks.private);
      const path = `/containers/create?name=${name}`;
      await this.engine.json({ method: 'POST', path, json });
      found = await this.inspect(machine.id);
    }
    if (found?.State.Running) return;
    // Every time: a crash may have come between the creation and the seed, and it is idempotent.
    await this.engine.json({
      method: 'PUT',
      path: `/containers/${name}/archive?path=/`,
      body: await seedArchive(machine, this.engine.isLocal),
      contentType: 'application/x-tar',
    });
    const connected = found?.NetworkSettings.Networks[networks.public]?.IPAMConfig?.IPv4Address;
    if (machine.publicAddress && connected !== machine.publicAddress)
      await reconnect(this.engine, networks.public, name, machine.publicAddress);
    await this.engine.json({ method: 'POST', path: `/containers/${name}/start` });
  }

  /** Shuts the machine down, and takes its public address away. The disk stays. */
  async halt(machine: Machine): Promise<void> {
    const name = containerName(this.sandbox, machine.id);
    const how = machine.force ? 'kill' : `stop?t=${STOP_TIMEOUT_S}`;
    await this.ignoring([304, 404, 409], { method: 'POST', path: `/containers/${name}/${how}` });
    if (!machine.keepsPublicAddress)
      await disconnect(this.engine, networkNames(this.sandbox).public, name);
  }

  /** Moves a running machine to the public address that its record has by now. */
  async readdress(machine: Machine): Promise<void> {
    const network = networkNames(this.sandbox).public;
    const name = containerName(this.sandbox, machine.id);
    if (machine.publicAddress) await reconnect(this.engine, network, name, machine.publicAddress);
  }

  async reboot(machineId: string): Promise<void> {
    const name = containerName(this.sandbox, machineId);
    const path = `/containers/${name}/restart?t=${STOP_TIMEOUT_S}`;
    await this.engine.json({ method: 'POST', path });
  }

  /** Removes container and volume; absent ones are fine. */
  async remove(machineId: string): Promise<void> {
    const name = containerName(this.sandbox, machineId);
    await this.removeContainer(name);
    const path = `/volumes/${volumeName(this.sandbox, machineId)}?force=true`;
    await this.ignoring([404], { method: 'DELETE', path });
  }

  /** The last 64 KB of the console, as it was written; empty where the machine never ran. */
  async console(machineId: string): Promise<Buffer> {
    const name = containerName(this.sandbox, machineId);
    const path = `/containers/${name}/logs?stdout=true&stderr=true`;
    try {
      return (await readAll(await this.engine.open({ method: 'GET', path }))).subarray(-65_536);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return Buffer.alloc(0);
      throw error;
    }
  }

  /** Whether the machine's container runs, and how it ended if not; undefined where it is gone. */
  async state(machineId: string): Promise<{ running: boolean; exitCode: number } | undefined> {
    const found = await this.inspect(machineId);
    return found && { running: found.State.Running, exitCode: found.State.ExitCode };
  }

  async list(): Promise<ContainerState[]> {
    const filters = JSON.stringify({ label: [`${SANDBOX_LABEL}=${this.sandbox}`] });
    const path = `/containers/json?all=true&filters=${encodeURIComponent(filters)}`;
    const found = await this.engine.json<
      { Id: string; State: string; Labels: Record<string, string> }[]
    >({ method: 'GET', path });
    return found.map(({ Id, State, Labels }) => ({
      machineId: Labels[MACHINE_LABEL] ?? '',
      container: Id,
      running: State === 'running',
    }));
  }

  async removeContainer(idOrName: string): Promise<void> {
    const path = `/containers/${idOrName}?force=true&v=true`;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ignoring([404], { method: 'DELETE', path });
      } catch (error) {
        // 409: another removal of it is under way.
        if (!(error instanceof EngineError) || error.status !== 409 || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  private inspect(machineId: string): Promise<Inspected | undefined> {
    const path = `/containers/${containerName(this.sandbox, machineId)}/json`;
    return this.engine.find<Inspected>({ method: 'GET', path });
  }

  private async ignoring(
    statuses: number[],
    request: Parameters<DockerEngine['json']>[0],
  ): Promise<void> {
    try {
      await this.engine.json(request);
    } catch (error) {
      if (!(error instanceof EngineError) || !statuses.includes(error.status)) throw error;
    }
  }
}
