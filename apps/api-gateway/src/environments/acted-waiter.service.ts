import type { NodeRow, TenantEnvironment } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../http/api.error';
import { failureStatus } from '../http/cloud-failure';
import { EnvironmentWaiter } from './environment-waiter.service';
import { environmentError } from './launch-outcome';

const LONGEST_MS = 30_000;

export interface ActedOptions {
  /** The nodes that were asked to change. */
  nodeIds: ReadonlySet<string>;
  /** Nodes that nothing is to happen to, as they are now. */
  leaves: (node: NodeRow) => boolean;
  signal: AbortSignal;
}

/** Waits until the cloud has taken what was asked of an environment's servers. */
@Injectable()
export class ActedWaiter {
  constructor(private readonly waiter: EnvironmentWaiter) {}

  /** @throws ApiError 504 when it takes too long; it goes on all the same */
  async wait(
    organisationId: string,
    id: string,
    { nodeIds, leaves, signal }: ActedOptions,
  ): Promise<TenantEnvironment> {
    const look = (found: TenantEnvironment) => {
      const open = found.nodes.filter(
        (node) => nodeIds.has(node.id) && !hasActed(node) && !leaves(node),
      );
      if (open.length === 0) return { found, error: null };
      const error = environmentError(found.environment);
      return error && { found, error };
    };
    const options = { timeoutMs: LONGEST_MS, signal };
    const result = await this.waiter.until(organisationId, id, look, options);
    const body = { environment: id };
    if (result?.error) {
      throw new ApiError(failureStatus(result.error.code), [result.error], { body });
    }
    if (result) return result.found;
    const message = `The cloud has not confirmed it yet. It goes on: see GET /environments/${id}.`;
    throw new ApiError(504, [{ code: 'not_confirmed', message }], { body });
  }
}

function hasActed(node: NodeRow): boolean {
  if (!node.providerServerId || node.phase === 'absent') return true;
  return node.actedGeneration >= node.generation;
}
