import type { EngineClient, EngineSwarmInfo } from '@cloudhero/docker';
import { CloudHeroError, clusterRole, type ClusterRole, type JoinTokens } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import {
  clusterNodes,
  hasOtherManager,
  managersBeside,
  memberAddress,
  SWARM_PORT,
} from './cluster-members';
import { EnginesService } from './engines.service';
import { takeOff } from './prune.service';

export interface Membership {
  role: ClusterRole;
  /** The cluster's own id of the node. */
  nodeId: string;
}

/** Brings one node into the environment's cluster, or finds that it is in it. */
@Injectable()
export class MembershipService {
  constructor(private readonly engines: EnginesService) {}

  /** @returns `alone` when there is no manager that it could join, nor is it one. */
  async ensure(run: NodeRun, tokens: JoinTokens): Promise<Membership | 'alone'> {
    return this.engines.use(run.node, run.keys, async (engine) => {
      const { Swarm } = await engine.info();
      if (Swarm.LocalNodeState === 'inactive') return this.join(run, engine, tokens);
      if (Swarm.LocalNodeState === 'pending')
        throw failed(run.node, Swarm.Error || 'still joining');
      if (Swarm.LocalNodeState === 'active' && (await this.belongs(run, Swarm))) {
        return { role: Swarm.ControlAvailable ? 'manager' : 'worker', nodeId: Swarm.NodeID };
      }
      // Of another cluster, or of one that is no more.
      await engine.swarmLeave(true);
      return this.join(run, engine, tokens);
    });
  }

  /**
   * Takes the last node of a cluster that is no more out of it: as a worker without managers its
   * engine could start no service. @returns what is to be written down of that.
   */
  async abandon(run: NodeRun) {
    const { node, work, keys } = run;
    if (!node.clusterNodeId || node.clusterRole === 'manager') return {};
    if (hasOtherManager(node, work.nodes)) return {};
    await this.engines.use(node, keys, async (engine) => {
      const { Swarm } = await engine.info();
      if (Swarm.LocalNodeState !== 'inactive') await engine.swarmLeave(true);
    });
    return { clusterNodeId: null, clusterRole: null };
  }

  private async join(run: NodeRun, engine: EngineClient, tokens: JoinTokens) {
    const { node, work } = run;
    const managers = managersBeside(node, work.nodes);
    if (managers.length === 0) return 'alone' as const;
    await this.takeOffOld(run, managers);
    const all = clusterNodes(work.nodes);
    const index = all.findIndex(({ id }) => id === node.id);
    const role = clusterRole(index, all.length);
    await engine.swarmJoin({
      advertiseAddr: memberAddress(node),
      remoteAddrs: managers.map((manager) => `${memberAddress(manager)}:${SWARM_PORT}`),
      joinToken: tokens[role],
    });
    const { Swarm } = await engine.info();
    if (Swarm.LocalNodeState !== 'active') throw failed(node, Swarm.Error || 'still joining');
    return { role, nodeId: Swarm.NodeID };
  }

  /**
   * The node joins anew, so what it was before is gone, whether the cluster has noticed or not. Left
   * on the list, it would be missing from the majority if another manager were lost now.
   */
  private async takeOffOld({ node, keys }: NodeRun, managers: readonly NodeRow[]): Promise<void> {
    if (node.clusterNodeId === null) return;
    for (const manager of managers) {
      const done = await this.engines
        .use(manager, keys, async (engine) => {
          const old = (await engine.nodes()).find(({ ID }) => ID === node.clusterNodeId);
          if (old) await takeOff(engine, old);
          return true;
        })
        .catch(() => false);
      if (done) return;
    }
  }

  /** @throws when that cannot be told now, as while managers come back after a stop. */
  private async belongs(run: NodeRun, swarm: EngineSwarmInfo): Promise<boolean> {
    const { environment, nodes } = run.work;
    if (swarm.ControlAvailable && swarm.Cluster?.ID) {
      return swarm.Cluster.ID === environment.clusterId;
    }
    for (const manager of managersBeside(run.node, nodes)) {
      const members = await this.engines
        .use(manager, run.keys, (engine) => engine.nodes())
        .catch(() => undefined);
      if (members) return members.some(({ ID }) => ID === swarm.NodeID);
    }
    if (!hasOtherManager(run.node, nodes)) return false;
    throw failed(run.node, swarm.Error || 'no manager answers');
  }
}

function failed({ name }: NodeRow, reason: string): CloudHeroError {
  return new CloudHeroError(
    'cluster_failed',
    `${name} is not in the Docker cluster yet: ${reason}`,
  );
}
