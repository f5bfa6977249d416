import type { Logger } from '@cloudhero/telemetry';
import type { Containers } from './containers';
import type { MachineService } from './machine-service';
import type { MachineStore } from './machine-store';

/**
 * Brings engine and records together after either was away. Containers without a record, or whose
 * record says that they are deleted, are removed; machines whose container ended meanwhile are
 * followed as if the sandbox had seen it.
 */
export async function reconcileContainers(
  containers: Containers,
  store: MachineStore,
  machines: MachineService,
  logger: Logger,
): Promise<void> {
  const running = new Set<string>();
  for (const { machineId, container, running: runs } of await containers.list()) {
    const machine = store.find(machineId);
    if (!machine || machine.state === 'deleted') {
      logger.warn({ machine: machineId, container }, 'removing a container without a record');
      await containers.remove(machineId);
      await containers.removeContainer(container);
    } else if (runs) running.add(machineId);
  }
  for (const machine of [...store.all()])
    if (!machine.virtual && machine.state === 'running' && !running.has(machine.id))
      await machines.ended(machine.id);
}
