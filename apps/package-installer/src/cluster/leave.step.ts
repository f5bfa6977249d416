import type { EngineClient } from '@cloudhero/docker';
import { CloudHeroError } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { NO_ERROR, type StepResult } from '../reconcile/step';
import { clusterNodes, managersBeside } from './cluster-members';
import { EnginesService } from './engines.service';
import { BalanceService } from './balance.service';
import { PruneService } from './prune.service';
import { until } from './until';

const ATTEMPTS = 5;

/** Takes a node out of a cluster that goes on without it, before its server goes. */
@Injectable()
export class LeaveStep {
  constructor(
    private readonly engines: EnginesService,
    private readonly balance: BalanceService,
    private readonly dead: PruneService,
  ) {}

  async run(run: NodeRun): Promise<StepResult> {
    const staying = clusterNodes(run.work.nodes).filter(({ clusterNodeId }) => clusterNodeId);
    try {
      if (staying.length > 0) await this.leave(run, staying);
    } catch (error) {
      if (run.signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const attempts = run.node.attempts + 1;
      if (attempts < ATTEMPTS) {
        await run.save({ attempts });
        return { waitMs: 1000 };
      }
      // A node that cannot be taken out properly must still go.
      await run.save(
        { ...NO_ERROR, clusterNodeId: null, clusterRole: null },
        { type: 'error', code: 'cluster_failed', message: `Did not leave the cluster: ${reason}` },
      );
      return 'again';
    }
    const event = { type: 'progress', message: 'Left the Docker cluster.' } as const;
    const saved = await run.save({ ...NO_ERROR, clusterNodeId: null, clusterRole: null }, event);
    if (saved) {
      await this.balance.run(run);
      await this.dead.run(run);
    }
    return 'again';
  }

  private async leave(run: NodeRun, staying: readonly NodeRow[]): Promise<void> {
    const { node, keys } = run;
    const id = node.clusterNodeId ?? '';
    const manager = managersBeside(node, run.work.nodes)[0] ?? (await this.successor(run, staying));
    await this.engines.use(manager, keys, async (through) => {
      const known = (await through.nodes()).find(({ ID }) => ID === id);
      if (!known) return;
      // Its tasks start elsewhere before it is gone; a majority is kept by the demotion.
      await through.updateNode(id, { Role: 'worker', Availability: 'drain' });
      await until(async () => !(await through.node(id)).ManagerStatus);
      await this.engines.use(node, keys, (own) => own.swarmLeave(true)).catch(() => undefined);
      await until(() => removed(through, id));
    });
  }

  /** The only manager goes: another node takes its place first. */
  private async successor(run: NodeRun, staying: readonly NodeRow[]): Promise<NodeRow> {
    for (const node of staying.filter(({ phase }) => phase === 'ready')) {
      if (!(await this.balance.give(run, node, 'manager'))) continue;
      await this.engines.use(node, run.keys, (engine) =>
        until(async () => (await engine.info()).Swarm.ControlAvailable),
      );
      return node;
    }
    throw new CloudHeroError('cluster_failed', 'no other node can manage the cluster');
  }
}

async function removed(through: EngineClient, id: string): Promise<boolean> {
  return through.removeNode(id, true).then(
    () => true,
    async () => !(await through.nodes()).some(({ ID }) => ID === id),
  );
}
