import { newId, serverName } from '@cloudhero/domain';
import { ApplicationRepository, EnvironmentIntentRepository } from '@cloudhero/persistence';
import { Waker } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import type { IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { checkNodes } from './check-nodes';
import { EnvironmentChecks } from './environment-checks.service';
import type { CreateEnvironmentDto } from './environment.dto';

@Injectable()
export class EnvironmentCreateService {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly checks: EnvironmentChecks,
    private readonly intents: EnvironmentIntentRepository,
    private readonly waker: Waker,
    private readonly audit: AuditService,
  ) {}

  /** Writes the environment down, once all is checked. @returns its id. @throws ApiError */
  async create(
    caller: Caller,
    applicationId: string,
    body: CreateEnvironmentDto,
    ticket?: IdempotencyTicket,
  ): Promise<string> {
    // An earlier run of the same request has made it.
    if (ticket?.progress) return ticket.progress.environment;
    const { organisationId, organisationName } = caller;
    const application = await this.applications.find(organisationId, applicationId);
    if (!application) throw notFound('application');
    const integrations = [...new Set(body.integrations)];
    const offers = await this.checks.offers(organisationId, body.provider_id);
    const { nodes, errors } = checkNodes(body.nodes, {
      sizes: offers.sizes,
      serverName: (node) => serverName(organisationName, application.name, body.environment, node),
      taken: new Set(),
    });
    this.checks.pass([
      ...this.checks.region(body.region, offers),
      ...(await this.checks.integrationsOf(organisationId, body.integrations ?? [])),
      ...this.checks.count(nodes.length),
      ...errors,
    ]);
    const id = newId();
    const made = await this.intents.create(
      organisationId,
      {
        id,
        applicationId,
        providerId: body.provider_id,
        name: body.environment,
        region: body.region,
        repair: body.repair ?? false,
        integrations,
        nodes,
      },
      ticket?.progressStep({ environment: id }),
    );
    if (made === 'name_taken') {
      const message = `The application has an environment ${body.environment}.`;
      throw conflict('name_taken', message, 'environment');
    }
    if (made === 'gone') {
      throw conflict('gone', 'The provider or an integration was deleted meanwhile.');
    }
    await this.waker.wake('environment', id);
    await this.audit.record(caller, 'environment.create', id);
    return id;
  }
}
