import { decideInstall, isInstallerPhase } from '@cloudhero/domain';
import { CheckupRepository } from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Inject, Injectable } from '@nestjs/common';
import { BalanceService } from '../cluster/balance.service';
import { PruneService } from '../cluster/prune.service';
import { installFacts } from '../reconcile/install-facts';
import type { NodeRun } from '../reconcile/node-run';
import { NodeRunsService } from '../reconcile/node-runs.service';
import { STOPPING } from '../tokens';
import { judgeCheckup, type RepairFacts, type Fault, type Verdict } from './judge-checkup';
import { LookService } from './look.service';

/** A look that takes longer has found out that the node does not answer. */
const LOOK_MS = 25_000;
const REPAIRS_COUNT_MS = 30 * 60_000;

/** Looks at one node, and writes down or sets going what follows from that. */
@Injectable()
export class CheckupService {
  constructor(
    private readonly runs: NodeRunsService,
    private readonly checkups: CheckupRepository,
    private readonly look: LookService,
    private readonly balance: BalanceService,
    private readonly dead: PruneService,
    private readonly waker: Waker,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  async run(id: string): Promise<void> {
    const signal = AbortSignal.any([this.stopping, AbortSignal.timeout(LOOK_MS)]);
    const run = this.runs.open(id, signal);
    if (!(await run.load()) || decideInstall(installFacts(run, true)).do !== 'check') return;
    try {
      const findings = await this.look.at(run);
      if (this.stopping.aborted) return;
      const repair = await this.repairFacts(run, findings.fault);
      const verdict = judgeCheckup(run.node, findings, repair);
      if (verdict) await this.carryOut(run, verdict);
      if (repair.wanted && findings.deadMembers) await this.dead.run(run);
    } finally {
      run.disconnect();
    }
  }

  private async repairFacts(run: NodeRun, fault: Fault | null): Promise<RepairFacts> {
    const wanted = run.work.environment.repair;
    if (!wanted || !fault) return { wanted, done: 0 };
    const done = await this.checkups.repairs(run.node, fault.code, REPAIRS_COUNT_MS);
    return { wanted, done };
  }

  private async carryOut(run: NodeRun, verdict: Verdict): Promise<void> {
    const { patch, event, lookAgainMs } = verdict;
    const { environment } = run.work;
    const ours = patch.phase !== undefined && isInstallerPhase(patch.phase);
    const nextReconcileAt = ours ? new Date(run.now()) : null;
    const nextCheckAt = lookAgainMs === undefined ? {} : { nextCheckAt: run.in(lookAgainMs) };
    // Whoever was faster knows better; the next look tells.
    if (!(await run.save({ nextReconcileAt, ...nextCheckAt, ...patch }, event))) return;
    if (ours) await this.waker.wake('node', run.id, environment.providerId);
    if (patch.phase === 'ready') await run.markReady();
    if (patch.phase && !ours) await this.waker.wake('environment', environment.id);
    if (patch.clusterRole && environment.repair) await this.balance.run(run);
  }
}
