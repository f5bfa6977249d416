import { EngineError, EngineUnreachableError } from '@cloudhero/docker';
import { CloudHeroError } from '@cloudhero/domain';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { asReady, type StepResult } from '../reconcile/step';
import { clusterNodes } from './cluster-members';
import { ClusterService } from './cluster.service';
import { EngineCheckService } from './engine-check.service';
import { MembershipService } from './membership.service';
import { BalanceService } from './balance.service';
import { PruneService } from './prune.service';

/** Waiting nodes are woken when the cluster is there; this is for a wake-up that is lost. */
const WAIT = { waitMs: 1000 } as const;

/** Verifies a node's engine and brings it into the environment's cluster, if there is to be one. */
@Injectable()
export class JoinStep {
  constructor(
    private readonly check: EngineCheckService,
    private readonly cluster: ClusterService,
    private readonly membership: MembershipService,
    private readonly balance: BalanceService,
    private readonly dead: PruneService,
  ) {}

  async run(run: NodeRun): Promise<StepResult> {
    try {
      return await this.join(run);
    } catch (error) {
      const ofEngine = error instanceof EngineError || error instanceof EngineUnreachableError;
      if (!ofEngine) throw error;
      if (await this.revives(run)) return 'again';
      throw new CloudHeroError('cluster_failed', error.message, { cause: error });
    }
  }

  private revives(run: NodeRun): Promise<boolean> {
    return this.cluster.revive(run).catch(() => false);
  }

  private async join(run: NodeRun): Promise<StepResult> {
    await this.check.run(run);
    // Others have gone on meanwhile.
    if (!(await run.load()) || run.node.phase !== 'joining') return 'again';
    if (clusterNodes(run.work.nodes).length < 2) {
      const event = { type: 'phase', message: 'Ready: the Docker engine answers.' } as const;
      const gone = await this.membership.abandon(run);
      await run.save({ ...asReady(run.now()), ...gone }, event);
      return 'again';
    }
    const tokens = await this.cluster.tokens(run);
    if (tokens === 'wait') return WAIT;
    if (tokens === 'changed') return 'again';
    const member = await this.membership.ensure(run, tokens);
    if (member === 'alone') {
      if (await this.cluster.forget(run)) return 'again';
      await this.revives(run);
      return WAIT;
    }
    const { role, nodeId } = member;
    const saved = await run.save(
      { ...asReady(run.now()), clusterRole: role, clusterNodeId: nodeId },
      { type: 'phase', message: `Ready: a ${role} of the Docker cluster.` },
    );
    if (saved) {
      await this.balance.run(run);
      await this.dead.run(run);
    }
    return 'again';
  }
}
