import type { SwarmNode } from '@cloudhero/docker';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { actingManagers } from './cluster-members';
import { EnginesService } from './engines.service';

const TIMEOUT_MS = 5000;
/** The nodes of an environment are looked at within seconds of each other; one list serves them. */
const REUSE_MS = 5000;

export type ClusterView = readonly SwarmNode[] | null;

/** What managers say of their clusters' members, kept for a few seconds. */
@Injectable()
export class ClusterViewService {
  private readonly views = new Map<string, { at: number; view: Promise<ClusterView> }>();

  constructor(private readonly engines: EnginesService) {}

  /** Members of the run's cluster; null when no manager has a leader, and so a list. */
  of(run: NodeRun): Promise<ClusterView> {
    const now = performance.now();
    for (const [id, { at }] of this.views) if (now - at > REUSE_MS) this.views.delete(id);
    const id = run.node.environmentId;
    const known = this.views.get(id);
    if (known) return known.view;
    const view = this.ask(run);
    this.views.set(id, { at: now, view });
    return view;
  }

  private async ask({ work, keys }: NodeRun): Promise<ClusterView> {
    for (const manager of actingManagers(work.nodes)) {
      const members = await this.engines
        .use(manager, keys, (engine) => engine.nodes(), TIMEOUT_MS)
        .catch(() => null);
      if (members) return members;
    }
    return null;
  }
}
