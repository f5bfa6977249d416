import type { Logger } from '@cloudhero/telemetry';
import { containerName, MACHINE_LABEL, SANDBOX_LABEL } from './container-args';
import { Containers } from './containers';
import { type DockerEngine, jsonLines } from './docker-engine';
import { ensureNetworks, removeNetworksAndVolumes } from './docker-networks';
import { ensureMachineImage } from './machine-image';
import type { MachineHost } from './machine-service';
import type { NetworkPlan } from './network-plan';

const RETRY_MS = 3000;

interface Event {
  Actor?: { Attributes?: Record<string, string> };
}

/** The local engine made ready for machines, in the background, and watched from then on. */
export class DockerHost implements MachineHost {
  readonly containers: Containers;
  /** What it is doing, or why it is not ready; undefined when it is. */
  status?: string = 'starting';
  /** Called once the engine answers, before anything is made. */
  beforeFirstUse: () => Promise<void> = () => Promise.resolve();
  private image?: Promise<string>;
  private readonly abort = new AbortController();

  constructor(
    private readonly engine: DockerEngine,
    private readonly sandbox: string,
    private readonly plan: NetworkPlan,
    private readonly logger: Logger,
  ) {
    this.containers = new Containers(engine, sandbox);
  }

  ready(): Promise<string> {
    this.image ??= this.prepare();
    return this.image;
  }

  /** The name of a machine's container. */
  nameOf(machineId: string): string {
    return containerName(this.sandbox, machineId);
  }

  stop(): void {
    this.abort.abort();
  }

  /** Removes every container, volume and network of this sandbox; the next use makes them anew. */
  async purge(): Promise<void> {
    this.image = undefined;
    this.status = 'purged; the next machine makes it ready again';
    for (const { container } of await this.containers.list())
      await this.containers.removeContainer(container);
    await removeNetworksAndVolumes(this.engine, this.sandbox);
  }

  /** Makes networks and image, again and again until it works: the engine may be away for a while. */
  private async prepare(): Promise<string> {
    for (;;) {
      try {
        await this.beforeFirstUse();
        await ensureNetworks(this.engine, this.sandbox, this.plan);
        const image = await ensureMachineImage(this.engine, (line) => {
          this.status = line;
          this.logger.info({ progress: line }, 'machine image');
        });
        this.status = undefined;
        this.logger.info({ image }, 'ready to boot machines');
        return image;
      } catch (error) {
        this.status = `the engine is not ready: ${String(error)}`;
        this.logger.warn({ err: error }, 'the engine is not ready, trying again');
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      if (this.abort.signal.aborted) return new Promise(() => undefined);
    }
  }

  /** Calls `ended` with the id of every machine whose container ends, until `stop`. */
  async watch(ended: (machineId: string) => void, reconnected: () => Promise<void>): Promise<void> {
    const label = [`${SANDBOX_LABEL}=${this.sandbox}`];
    const filters = JSON.stringify({ type: ['container'], event: ['die'], label });
    const path = `/events?filters=${encodeURIComponent(filters)}`;
    while (!this.abort.signal.aborted) {
      try {
        const { signal } = this.abort;
        const stream = await this.engine.open({ method: 'GET', path, signal });
        await reconnected();
        for await (const event of jsonLines<Event>(stream)) {
          const id = event.Actor?.Attributes?.[MACHINE_LABEL];
          if (id) ended(id);
        }
      } catch (error) {
        if (this.abort.signal.aborted) return;
        this.logger.warn({ err: error }, 'the engine stopped telling of events');
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }
}
