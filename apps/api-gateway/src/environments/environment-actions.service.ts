import {
  EnvironmentIntentRepository,
  type NodeRow,
  type TenantEnvironment,
} from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { notFound } from '../http/api.error';
import { ActedWaiter } from './acted-waiter.service';
import { decideAction, hasServerStill, stoppedBehindOurBack, type Action } from './decide-action';
import { printChange, printDeletion, printServers } from './print-servers';

/** Which nodes an action does nothing to: those that failed, unless it changes their servers. */
const LEAVES: Record<Action, (node: NodeRow) => boolean> = {
  stop: (node) => node.phase === 'failed' && !hasServerStill(node),
  start: (node) => node.phase === 'failed' && !stoppedBehindOurBack(node),
  delete: () => false,
};

@Injectable()
export class EnvironmentActionsService {
  constructor(
    private readonly intents: EnvironmentIntentRepository,
    private readonly acted: ActedWaiter,
    private readonly waker: Waker,
    private readonly audit: AuditService,
  ) {}

  /** Stops or starts every server; answers once the cloud has taken it. @throws ApiError */
  async change(caller: Caller, id: string, action: 'stop' | 'start', signal: AbortSignal) {
    const { found, asked } = await this.run(caller, id, action, signal);
    const living = found.nodes.filter((node) => node.phase !== 'absent');
    return printServers({ ...found, account: caller.organisationName }, living, (node) => [
      // A node that failed was left alone.
      printChange(node, { settled: !asked(node.id) || node.actedGeneration < node.generation }),
    ]);
  }

  /** Deletes every server; answers once the cloud has taken it. @throws ApiError */
  async remove(caller: Caller, id: string, signal: AbortSignal) {
    const { found, nodeIds } = await this.run(caller, id, 'delete', signal);
    const nodes = found.nodes.filter((node) => nodeIds.size === 0 || nodeIds.has(node.id));
    return printServers({ ...found, account: caller.organisationName }, nodes, printDeletion);
  }

  private async run(
    caller: Caller,
    id: string,
    action: Action,
    signal: AbortSignal,
  ): Promise<{
    found: TenantEnvironment;
    nodeIds: Set<string>;
    asked: (nodeId: string) => boolean;
  }> {
    let nodeIds = new Set<string>();
    const change = await this.intents.change(caller.organisationId, id, (facts) => {
      nodeIds = new Set(facts.nodes.map((node) => node.id));
      return decideAction(action, facts);
    });
    if (change === 'missing') throw notFound('environment');
    if (change) {
      await this.waker.wake('environment', id);
      await this.audit.record(caller, `environment.${action}`, id);
    }
    const found = await this.acted.wait(caller.organisationId, id, {
      nodeIds,
      leaves: LEAVES[action],
      signal,
    });
    const asked = (nodeId: string) => change !== null && (change.nodeIds?.includes(nodeId) ?? true);
    return { found, nodeIds, asked };
  }
}
