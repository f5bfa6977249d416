import { isInstallerPhase } from '@cloudhero/domain';
import type { NodeRepository, NodeRow } from '@cloudhero/persistence';
import { LEASE_MS } from './node-run';

/**
 * Keeps sweepers away from a node while a run works on it, and ends the run when the process stops
 * or when the customer wants something else of the node meanwhile.
 */
export class NodeLease {
  private readonly abort = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private beat: Promise<void> = Promise.resolve();

  constructor(
    private readonly id: string,
    private readonly nodes: NodeRepository,
    private readonly stopping: AbortSignal,
  ) {
    stopping.addEventListener('abort', this.onStop, { once: true });
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  private readonly onStop = () => this.abort.abort();

  /** Takes it for the step that follows. */
  async hold(node: NodeRow): Promise<void> {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.beat = this.renew(node).catch(() => undefined);
    }, LEASE_MS / 3);
    await this.nodes.lease(this.id, new Date(this.nodes.now() + LEASE_MS));
  }

  private async renew(held: NodeRow): Promise<void> {
    const node = await this.nodes.find(this.id);
    const wanted = node && node.desired === held.desired && node.generation === held.generation;
    const ours = node && (isInstallerPhase(node.phase) || node.phase === held.phase);
    if (!wanted || !ours) return this.abort.abort();
    await this.nodes.lease(this.id, new Date(this.nodes.now() + LEASE_MS));
  }

  /** Resolves when it no longer writes. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.removeEventListener('abort', this.onStop);
    await this.beat;
  }
}
