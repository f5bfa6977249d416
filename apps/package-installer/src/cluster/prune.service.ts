import type { EngineClient, SwarmNode } from '@cloudhero/docker';
import type { NodeRow } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { actingManagers } from './cluster-members';
import { EnginesService } from './engines.service';
import { until } from './until';

/** Takes members off a cluster's list whose machines were replaced, or that have joined anew. */
@Injectable()
export class PruneService {
  constructor(private readonly engines: EnginesService) {}

  /** What cannot be done now is made good at the next occasion. */
  async run(run: NodeRun): Promise<void> {
    if (!(await run.load())) return;
    for (const manager of actingManagers(run.work.nodes)) {
      const pruned = await this.engines
        .use(manager, run.keys, (engine) => this.prune(run, engine))
        .catch(() => undefined);
      if (pruned === undefined) continue;
      if (pruned > 0) await run.tell('Took a dead member off the Docker cluster’s list.');
      return;
    }
  }

  private async prune(run: NodeRun, engine: EngineClient): Promise<number> {
    const dead = deadStrangers(await engine.nodes(), run.work.nodes);
    for (const member of dead) await takeOff(engine, member);
    return dead.length;
  }
}

/** Takes a member off the cluster's list that is not there any more. */
export async function takeOff(engine: EngineClient, { ID, Spec }: SwarmNode): Promise<void> {
  // A manager that is gone counts for the majority until it is none.
  if (Spec.Role === 'manager') await engine.updateNode(ID, { Role: 'worker' });
  await until(async () => !(await engine.node(ID)).ManagerStatus);
  await engine.removeNode(ID, true);
}

/** Members that are down and belong to no node. One that is up may be joining at this moment. */
export function deadStrangers(
  members: readonly SwarmNode[],
  nodes: readonly NodeRow[],
): SwarmNode[] {
  const ours = new Set(nodes.map(({ clusterNodeId }) => clusterNodeId));
  return members.filter(({ ID, Status }) => Status.State === 'down' && !ours.has(ID));
}
