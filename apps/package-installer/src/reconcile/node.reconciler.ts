import { decideInstall, type InstallDecision } from '@cloudhero/domain';
import { EnvironmentRepository, NodeRepository } from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, STOPPING } from '../tokens';
import { decideFailure } from './failure-policy';
import { installFacts } from './install-facts';
import { NodeLease } from './node-lease';
import type { NodeRun } from './node-run';
import { NodeRunsService } from './node-runs.service';
import { NodeSteps } from './node-steps';
import { CHECK_EVERY_MS, type StepResult } from './step';

/** Brings one node's software to what was asked for: load, decide, do one step, save, again. */
@Injectable()
export class NodeReconciler {
  constructor(
    private readonly nodes: NodeRepository,
    private readonly environments: EnvironmentRepository,
    private readonly runs: NodeRunsService,
    private readonly waker: Waker,
    private readonly steps: NodeSteps,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  /** Safe to run at any time, by any number of workers at once; does nothing when there is nothing. */
  async reconcile(id: string): Promise<void> {
    if (this.stopping.aborted) return;
    const lease = new NodeLease(id, this.nodes, this.stopping);
    const run = this.runs.open(id, lease.signal);
    let acted = false;
    try {
      while (await run.load()) {
        const decision = decideInstall(installFacts(run, false));
        if (decision.do === 'nothing') break;
        await lease.hold(run.node);
        acted = true;
        const result = await this.step(run, decision);
        if (result === 'again') continue;
        await run.save({ nextReconcileAt: run.in(result.waitMs) });
        return;
      }
      await this.finish(run, acted);
    } catch (error) {
      if (!lease.signal.aborted) throw error;
      await this.letGo(run);
    } finally {
      await lease.release();
      run.disconnect();
    }
  }

  private async step(run: NodeRun, decision: InstallDecision): Promise<StepResult> {
    const { node } = run;
    try {
      return await this.steps.take(run, decision);
    } catch (error) {
      if (run.signal.aborted) throw error;
      run.disconnect();
      const failure = decideFailure(error, node);
      const { code, message } = failure;
      this.logger.warn({ err: error, nodeId: node.id, code, retry: failure.retry }, message);
      const event = { type: 'error', code, message } as const;
      const patch = { lastErrorCode: code, lastErrorMessage: message, attempts: node.attempts + 1 };
      if (failure.retry) {
        const isNew = message !== node.lastErrorMessage;
        if (!(await run.save(patch, isNew ? event : undefined))) return 'again';
        return { waitMs: failure.waitMs };
      }
      const nextCheckAt = run.in(CHECK_EVERY_MS);
      await run.save({ ...patch, phase: 'failed', nextReconcileAt: null, nextCheckAt }, event);
      return 'again';
    }
  }

  /** Nothing to do any more: it is provisioner's turn, or nobody's. */
  private async finish(run: NodeRun, acted: boolean): Promise<void> {
    const node = await this.nodes.find(run.id);
    if (!node) return;
    if (node.nextReconcileAt) await this.nodes.save({ node, patch: { nextReconcileAt: null } });
    if (!acted) return;
    await this.environments.markReady(node.environmentId);
    await this.waker.wake('environment', node.environmentId);
  }

  /** Cut off in the middle: whoever comes next goes on at once. */
  private async letGo({ id }: NodeRun): Promise<void> {
    await this.nodes.lease(id, new Date(this.nodes.now()));
    await this.waker.wake('node', id);
  }
}
