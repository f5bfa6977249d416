import { newId } from '@cloudhero/domain';
import {
  ApplicationRepository,
  type ApplicationRow,
  type PageRequest,
} from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import type { CreateApplicationDto } from './application.dto';

type Printed = Pick<ApplicationRow, 'id' | 'name' | 'type' | 'deploymentsCount' | 'environments'>;

@Injectable()
export class ApplicationsService {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly audit: AuditService,
  ) {}

  async create(caller: Caller, body: CreateApplicationDto, ticket?: IdempotencyTicket) {
    const application = { id: newId(), name: body.application_name, type: body.application_type };
    const answer = [print({ ...application, deploymentsCount: 0, environments: [] })];
    const step = ticket?.answerStep(201, answer);
    await this.applications.create(caller.organisationId, application, step);
    await this.audit.record(caller, 'application.create', application.id);
    return answer;
  }

  async list(caller: Caller, page: PageRequest) {
    const { items, next } = await this.applications.list(caller.organisationId, page);
    return { items: items.map(print), next };
  }
}

function print({ id, name, type, deploymentsCount, environments }: Printed) {
  return {
    application_name: name,
    application_type: type,
    id,
    environments: environments.map((environment) => environment.id),
    deployments_count: deploymentsCount,
  };
}
