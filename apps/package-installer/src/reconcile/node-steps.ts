import type { InstallDecision } from '@cloudhero/domain';
import { Injectable } from '@nestjs/common';
import { BootStep } from '../boot/boot.step';
import { JoinStep } from '../cluster/join.step';
import { LeaveStep } from '../cluster/leave.step';
import { InstallStep } from '../install/install.step';
import type { NodeRun } from './node-run';
import { asReady, NO_ERROR, type StepResult } from './step';

/** Carries decisions out. */
@Injectable()
export class NodeSteps {
  constructor(
    private readonly boot: BootStep,
    private readonly install: InstallStep,
    private readonly join: JoinStep,
    private readonly leave: LeaveStep,
  ) {}

  async take(run: NodeRun, decision: InstallDecision): Promise<StepResult> {
    switch (decision.do) {
      case 'boot':
        return this.boot.run(run);
      case 'install':
        return this.install.run(run, decision.package);
      case 'join':
        return this.join.run(run);
      case 'leave':
        return this.leave.run(run);
      case 'advance': {
        const ready = decision.to === 'ready';
        await run.save(ready ? asReady(run.now()) : { ...NO_ERROR, phase: decision.to }, {
          type: 'phase',
          message: ready ? 'Ready.' : 'Checking the Docker engine.',
        });
        return 'again';
      }
      case 'check':
      case 'nothing':
        return 'again';
    }
  }
}
