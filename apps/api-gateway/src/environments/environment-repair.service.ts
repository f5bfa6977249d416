import { EnvironmentIntentRepository, type IntentFacts } from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import { EnvironmentsService } from './environments.service';

/** Says whether what happens to an environment's servers is repaired. */
@Injectable()
export class EnvironmentRepairService {
  constructor(
    private readonly intents: EnvironmentIntentRepository,
    private readonly environments: EnvironmentsService,
    private readonly waker: Waker,
    private readonly audit: AuditService,
  ) {}

  /** @returns the environment as it is then. @throws ApiError 404, 409 */
  async set(caller: Caller, id: string, repair: boolean) {
    const { organisationId } = caller;
    const changed = await this.intents.setRepair(organisationId, id, repair, assertNotDeleted);
    if (changed === 'missing') throw notFound('environment');
    if (changed) {
      await this.waker.wake('environment', id);
      await this.audit.record(caller, 'environment.repair', id);
    }
    return this.environments.show(organisationId, id);
  }
}

function assertNotDeleted({ environment }: IntentFacts) {
  if (environment.desired === 'absent') throw conflict('deleted', 'The environment was deleted.');
}
