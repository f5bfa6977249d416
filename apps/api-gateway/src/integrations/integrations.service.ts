import { newId, snakeCase } from '@cloudhero/domain';
import {
  IntegrationRepository,
  type IntegrationRow,
  type PageRequest,
} from '@cloudhero/persistence';
import { maskSecret, sealContext, Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import type { CreateDockerHubDto } from './integration.dto';

@Injectable()
export class IntegrationsService {
  constructor(
    private readonly integrations: IntegrationRepository,
    private readonly sealer: Sealer,
    private readonly audit: AuditService,
  ) {}

  async create(caller: Caller, body: CreateDockerHubDto, ticket?: IdempotencyTicket) {
    const { password, ...shown } = body;
    const id = newId();
    const row = {
      id,
      ...shown,
      type: 'docker-hub',
      sealedPassword: this.sealer.seal(password, sealContext.integration(id)),
      maskedPassword: maskSecret(password),
    };
    const answer = print({ ...row, organisationId: caller.organisationId });
    await this.integrations.create(caller.organisationId, row, ticket?.answerStep(201, answer));
    await this.audit.record(caller, 'integration.create', id);
    return answer;
  }

  async list(caller: Caller, page: PageRequest) {
    const { items, next } = await this.integrations.list(caller.organisationId, page);
    return { items: items.map(print), next };
  }

  /** @throws ApiError 404, 409 while an environment uses it */
  async remove(caller: Caller, id: string): Promise<void> {
    const outcome = await this.integrations.remove(caller.organisationId, id);
    if (outcome === 'missing') throw notFound('integration');
    if (outcome === 'in_use') {
      throw conflict('in_use', 'Environments use this integration. Delete them first.');
    }
    await this.audit.record(caller, 'integration.delete', id);
  }
}

function print(row: Omit<IntegrationRow, 'createdAt' | 'sealedPassword'>) {
  return {
    name: row.name,
    organisation: row.organisationId,
    type: row.type,
    id: row.id,
    integration_meta: {
      url: row.url,
      username: row.username,
      password: row.maskedPassword,
      email: row.email,
    },
    _name: snakeCase(row.name),
  };
}
