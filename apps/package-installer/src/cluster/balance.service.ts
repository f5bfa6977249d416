import { clusterRole, type ClusterRole } from '@cloudhero/domain';
import { NodeRepository, type NodeRow } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { clusterNodes, managersBeside } from './cluster-members';
import { EnginesService } from './engines.service';

/** Keeps the number of a cluster's managers to the plan while the cluster grows and shrinks. */
@Injectable()
export class BalanceService {
  constructor(
    private readonly engines: EnginesService,
    private readonly nodes: NodeRepository,
  ) {}

  /**
   * Gives every member the role that the plan has for it, more managers first. What cannot be done
   * now is made good when the next node joins or leaves.
   */
  async run(run: NodeRun): Promise<void> {
    if (!(await run.load())) return;
    const members = clusterNodes(run.work.nodes);
    const changes = members
      .map((node, index) => ({ node, role: clusterRole(index, members.length) }))
      .filter(({ node, role }) => node.clusterNodeId !== null && node.clusterRole !== role)
      .sort((one, other) => (one.role < other.role ? -1 : 1));
    for (const { node, role } of changes) await this.give(run, node, role);
  }

  /** Changes one member's role. @returns whether that could be done. */
  async give(run: NodeRun, node: NodeRow, role: ClusterRole): Promise<boolean> {
    const { clusterNodeId } = node;
    if (!clusterNodeId) return false;
    const { node: self, work } = run;
    const managers = [...managersBeside(self, work.nodes), self].filter(
      (other) => other.clusterRole === 'manager' && other.id !== node.id,
    );
    for (const manager of managers) {
      const done = await this.engines
        .use(manager, run.keys, (engine) => engine.updateNode(clusterNodeId, { Role: role }))
        .then(
          () => true,
          () => false,
        );
      if (!done) continue;
      const message = `Now a ${role} of the Docker cluster.`;
      const event = { type: 'progress', message } as const;
      if (node.id === self.id) await run.save({ clusterRole: role }, event);
      else await this.nodes.save({ node, patch: { clusterRole: role }, event });
      return true;
    }
    return false;
  }
}
