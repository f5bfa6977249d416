import { TenantProviderRepository, type PageRequest } from '@cloudhero/persistence';
import { CloudClient } from '@cloudhero/queue';
import { sealContext, Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import { cloudFailure } from '../http/cloud-failure';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { printProvider } from './print-provider';
import { credentialsOf, type ProviderCredentials } from './provider-credentials';
import type { CreateProvider } from './provider.dto';

@Injectable()
export class ProvidersService {
  constructor(
    private readonly providers: TenantProviderRepository,
    private readonly cloud: CloudClient,
    private readonly sealer: Sealer,
    private readonly audit: AuditService,
  ) {}

  /**
   * Adds a provider once its cloud has accepted the credentials; nothing is left of one that it
   * refused. @throws ApiError 409, 422, 502, 503
   */
  async create(caller: Caller, body: CreateProvider, ticket?: IdempotencyTicket) {
    const { field, ...known } = credentialsOf(body);
    const row = await this.insert(caller.organisationId, body, known);
    const verified = await this.cloud.ask('provider.verify', { providerId: row.id });
    if (!verified.ok) {
      await this.providers.discard(row.id);
      throw cloudFailure(verified, {
        credentials_refused: field,
        permission_denied: field,
        invalid_request: body.endpoint ? 'endpoint' : field,
      });
    }
    const printed = printProvider(row);
    // The reference prints an array of one for this cloud, and an object for the other.
    const answer = row.type === 'ec2' ? [printed] : printed;
    await this.providers.markVerified(row.id, ticket?.answerStep(201, answer));
    await this.audit.record(caller, 'provider.create', row.id);
    return answer;
  }

  async list(caller: Caller, page: PageRequest) {
    const { items, next } = await this.providers.list(caller.organisationId, page);
    return { items: items.map(printProvider), next };
  }

  async get(caller: Caller, id: string) {
    const row = await this.providers.find(caller.organisationId, id);
    if (!row) throw notFound('provider');
    return printProvider(row);
  }

  /** @throws ApiError 404, 409 while an environment uses it */
  async remove(caller: Caller, id: string): Promise<void> {
    const outcome = await this.providers.remove(caller.organisationId, id);
    if (outcome === 'missing') throw notFound('provider');
    if (outcome === 'in_use') {
      throw conflict('in_use', 'Environments use this provider. Delete them first.');
    }
    await this.audit.record(caller, 'provider.delete', id);
  }

  private async insert(
    organisationId: string,
    body: CreateProvider,
    { type, credentials, masked }: Omit<ProviderCredentials, 'field'>,
  ) {
    const row = await this.providers.create(organisationId, {
      name: body.provider_name,
      type,
      endpoint: body.endpoint ?? null,
      maskedCredentials: masked,
      seal: (id) => this.sealer.seal(credentials, sealContext.provider(id)),
    });
    if (row) return row;
    throw conflict('name_taken', 'There is a provider of this name.', 'provider_name');
  }
}
