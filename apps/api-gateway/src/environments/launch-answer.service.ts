import { EnvironmentRepository } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller';
import { ApiError } from '../http/api.error';
import { failureStatus } from '../http/cloud-failure';
import { preferenceOf } from '../http/prefer';
import { ShutdownService } from '../http/shutdown.service';
import { EnvironmentWaiter } from './environment-waiter.service';
import { launchOutcome } from './launch-outcome';

/** As long as it takes; a launch that is this slow has lost its client anyhow. */
const LONGEST_MS = 30 * 60_000;

/** Answers a request for nodes when they are up, or when the client does not want to wait longer. */
@Injectable()
export class LaunchAnswer {
  constructor(
    private readonly waiter: EnvironmentWaiter,
    private readonly environments: EnvironmentRepository,
    private readonly shutdown: ShutdownService,
  ) {}

  /** `nodeIds`: those that were added; null for the whole environment. @throws ApiError */
  async send(
    caller: Caller,
    environment: string,
    nodeIds: readonly string[] | null,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ) {
    const { waitMs, applied } = preferenceOf(request.headers.prefer);
    if (applied) reply.header('Preference-Applied', applied);
    const account = caller.organisationId;
    const outcome =
      waitMs === 0
        ? null
        : await this.waiter.until(account, environment, (found) => launchOutcome(found, nodeIds), {
            timeoutMs: waitMs ?? LONGEST_MS,
            signal: this.shutdown.signalFor(reply),
          });
    if (outcome?.kind === 'ready') {
      await this.environments.markReady(environment);
      return { ready: true, environment, account };
    }
    const rest = { body: { environment, ready: false, account }, outcome: true };
    if (outcome?.kind === 'failed') {
      throw new ApiError(failureStatus(outcome.errors[0]?.code ?? ''), outcome.errors, rest);
    }
    if (outcome?.kind === 'overtaken') {
      throw new ApiError(409, [{ code: 'overtaken', message: outcome.message }], rest);
    }
    reply.status(202).header('Location', `/environments/${environment}`);
    return { ready: false, environment, account };
  }
}
