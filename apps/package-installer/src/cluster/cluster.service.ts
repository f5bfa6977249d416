import { EngineError, type EngineClient, type EngineInfo } from '@cloudhero/docker';
import { CloudHeroError, type JoinTokens } from '@cloudhero/domain';
import { EnvironmentRepository, NodeRepository, type NodeRow } from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { sealContext, Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { clusterNodes, hasOtherManager, managersLeft, memberAddress } from './cluster-members';
import { EnginesService } from './engines.service';

/** So many attempts to join take longer than an election. */
const LASTING = 2;

/** Forms an environment's Docker cluster, once, whoever comes first and however often. */
@Injectable()
export class ClusterService {
  constructor(
    private readonly engines: EnginesService,
    private readonly environments: EnvironmentRepository,
    private readonly nodes: NodeRepository,
    private readonly sealer: Sealer,
    private readonly waker: Waker,
  ) {}

  /**
   * The cluster's join tokens. Where there is no cluster yet, the first node founds it; a founder
   * that was ready before it had company is asked to by whoever joins.
   * @returns `wait` for the founder, or `changed`: load again.
   */
  async tokens(run: NodeRun): Promise<JoinTokens | 'wait' | 'changed'> {
    const { id, sealedJoinTokens } = run.work.environment;
    if (sealedJoinTokens) return this.sealer.open(sealedJoinTokens, sealContext.joinTokens(id));
    const founder = clusterNodes(run.work.nodes).find(({ phase }) => phase !== 'failed');
    if (!founder) return 'wait';
    if (founder.id !== run.node.id && founder.phase !== 'ready') return 'wait';
    await this.engines.use(founder, run.keys, (engine) => this.found(run, founder, engine));
    return 'changed';
  }

  private async found(run: NodeRun, founder: NodeRow, engine: EngineClient): Promise<void> {
    const info = await this.foundOn(engine, founder);
    const inspected = await engine.swarmInspect();
    const { Manager: manager, Worker: worker } = inspected.JoinTokens;
    const tokens = { manager, worker };
    // Before the tokens: whoever has them looks for managers.
    const patch = { clusterRole: 'manager', clusterNodeId: info.Swarm.NodeID };
    if (founder.id !== run.node.id) {
      if (!(await this.nodes.save({ node: founder, patch }))) return;
    } else if (!(await run.save(patch))) {
      return;
    }
    if (!(await this.keep(run, tokens, inspected.ID))) return;
    const joining = run.work.nodes.filter(({ id, phase }) => phase === 'joining' && id !== run.id);
    await this.waker.wakeAll(
      'node',
      joining.map(({ id }) => id),
    );
  }

  /**
   * The run's node is in no cluster and finds no manager. Where none can come back either, what was
   * written down is no more, and is to be formed again. @returns whether it is.
   */
  async forget(run: NodeRun): Promise<boolean> {
    if (hasOtherManager(run.node, run.work.nodes)) return false;
    const patch = { sealedJoinTokens: null, clusterId: null };
    const message = 'The Docker cluster has lost its managers, and is formed anew.';
    await this.environments.save(run.work.environment, patch, { type: 'environment', message });
    return true;
  }

  /**
   * Of the managers one is left, and with the others it lost the majority that it needs to go on. As
   * their servers are gone for good it can go on alone, with all that the cluster had.
   * @returns whether it does now.
   */
  async revive(run: NodeRun): Promise<boolean> {
    const [last, ...others] = managersLeft(run.work.nodes);
    if (!last || others.length > 0 || last.id === run.id) return false;
    // An election passes; a look, or several attempts to join, have shown that this does not.
    const isLasting = last.lastErrorCode === 'not_in_cluster' || run.node.attempts >= LASTING;
    if (!isLasting) return false;
    return this.engines.use(last, run.keys, async (engine) => {
      const { Swarm } = await engine.info();
      if (!Swarm.ControlAvailable || !Swarm.Error) return false;
      await engine.swarmInit({ advertiseAddr: memberAddress(last), forceNewCluster: true });
      await run.tell(
        `The Docker cluster had lost most of its managers; ${last.name} goes on with it.`,
      );
      return true;
    });
  }

  /** Looks before it acts: a founder that was cut off, or doubled, finds its own cluster. */
  private async foundOn(engine: EngineClient, founder: NodeRow): Promise<EngineInfo> {
    const before = await engine.info();
    if (before.Swarm.LocalNodeState === 'active' && before.Swarm.ControlAvailable) return before;
    if (before.Swarm.LocalNodeState !== 'inactive') await engine.swarmLeave(true);
    await engine.swarmInit({ advertiseAddr: memberAddress(founder) }).catch((error: unknown) => {
      if (!(error instanceof EngineError && error.status === 503)) throw error;
    });
    const after = await engine.info();
    if (after.Swarm.ControlAvailable) return after;
    throw new CloudHeroError('cluster_failed', `Forming the cluster: ${after.Swarm.Error}`);
  }

  /** Writes the cluster down. @returns false when somebody else has written one down meanwhile. */
  private async keep(run: NodeRun, tokens: JoinTokens, clusterId: string): Promise<boolean> {
    const { id } = run.work.environment;
    const sealedJoinTokens = this.sealer.seal(tokens, sealContext.joinTokens(id));
    for (;;) {
      const fresh = await this.environments.load(id);
      if (!fresh || fresh.environment.sealedJoinTokens) return false;
      const saved = await this.environments.save(
        fresh.environment,
        { sealedJoinTokens, clusterId },
        { type: 'environment', message: 'The Docker cluster is formed.' },
      );
      if (saved) return true;
    }
  }
}
