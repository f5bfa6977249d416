import { serverName } from '@cloudhero/domain';
import {
  EnvironmentIntentRepository,
  TenantEnvironmentRepository,
  type IntentFacts,
  type NodeRow,
  type TenantEnvironment,
} from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { ActedWaiter } from './acted-waiter.service';
import { checkNodes } from './check-nodes';
import { EnvironmentChecks } from './environment-checks.service';
import type { NodeRequest } from './environment.dto';
import { printDeletion, printServers } from './print-servers';

/** Grows and shrinks environments. */
@Injectable()
export class NodesService {
  constructor(
    private readonly environments: TenantEnvironmentRepository,
    private readonly intents: EnvironmentIntentRepository,
    private readonly checks: EnvironmentChecks,
    private readonly acted: ActedWaiter,
    private readonly waker: Waker,
    private readonly audit: AuditService,
  ) {}

  /** Writes new nodes down. @returns their ids. @throws ApiError */
  async add(
    caller: Caller,
    id: string,
    requested: readonly NodeRequest[],
    ticket?: IdempotencyTicket,
  ): Promise<string[]> {
    if (ticket?.progress) return ticket.progress.nodes ?? [];
    const { organisationId } = caller;
    const found = await this.environments.find(organisationId, id);
    if (!found) throw notFound('environment');
    assertGrowable(found.environment);
    const { sizes } = await this.checks.offers(organisationId, found.environment.providerId);
    const ids = await this.intents.addNodes(
      organisationId,
      id,
      (facts) => this.prepare(caller, found, facts, requested, sizes),
      (nodes) => ticket?.progressStep({ environment: id, nodes }),
    );
    if (!ids) throw notFound('environment');
    await this.waker.wake('environment', id);
    await this.audit.record(caller, 'environment.grow', id);
    return ids;
  }

  /** Lets one node go, by name or id; answers once the cloud has taken it. @throws ApiError */
  async remove(caller: Caller, id: string, nameOrId: string, signal: AbortSignal) {
    const { organisationId } = caller;
    const node = await this.intents.removeNode(organisationId, id, (facts) =>
      findRemovable(facts, nameOrId),
    );
    if (!node) throw notFound('environment');
    await this.waker.wake('environment', id);
    if (node.clusterNodeId) await this.waker.wake('node', node.id);
    await this.audit.record(caller, 'node.delete', node.id);
    const nodeIds = new Set([node.id]);
    const options = { nodeIds, leaves: () => false, signal };
    const found = await this.acted.wait(organisationId, id, options);
    const nodes = found.nodes.filter((row) => row.id === node.id);
    return printServers({ ...found, account: caller.organisationName }, nodes, printDeletion);
  }

  private prepare(
    caller: Caller,
    { application, environment }: TenantEnvironment,
    facts: IntentFacts,
    requested: readonly NodeRequest[],
    sizes: Parameters<typeof checkNodes>[1]['sizes'],
  ) {
    assertGrowable(facts.environment);
    const { nodes, errors } = checkNodes(requested, {
      sizes,
      serverName: (node) =>
        serverName(caller.organisationName, application.name, environment.name, node),
      taken: new Set(facts.nodes.map((node) => node.serverName)),
    });
    this.checks.pass([...this.checks.count(facts.nodes.length + nodes.length), ...errors]);
    return nodes;
  }
}

function assertGrowable({ desired }: IntentFacts['environment']) {
  if (desired === 'absent') throw conflict('deleted', 'The environment was deleted.');
  if (desired === 'stopped')
    throw conflict('stopped', 'The environment is stopped. Start it first.');
}

/** @throws ApiError 404, 409 for the last one */
function findRemovable({ environment, nodes }: IntentFacts, nameOrId: string): NodeRow {
  if (environment.desired === 'absent') throw conflict('deleted', 'The environment was deleted.');
  const node = nodes.find((row) => row.id === nameOrId || row.name === nameOrId);
  if (!node) throw notFound('node');
  const staying = nodes.filter((row) => row.desired !== 'absent' && row.id !== node.id);
  if (staying.length > 0) return node;
  throw conflict('last_node', 'This is the last node. Delete the environment instead.');
}
