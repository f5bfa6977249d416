import { AuditRepository } from '@cloudhero/persistence';
import type { Logger } from '@cloudhero/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../tokens';

/** Whoever did it, as far as the audit log is concerned. */
export interface Actor {
  organisationId: string;
  keyId: string | null;
  requestId: string;
}

/** Writes down who changed what. */
@Injectable()
export class AuditService {
  constructor(
    private readonly entries: AuditRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Does not throw: the change has been made, and its maker is to hear of that. */
  async record(actor: Actor, action: string, targetId: string | null): Promise<void> {
    const { organisationId, keyId, requestId } = actor;
    const entry = { organisationId, keyId, requestId, action, targetId };
    this.logger.info(entry, 'audit');
    await this.entries
      .add(entry)
      .catch((error: unknown) => this.logger.error({ requestId, error }, 'audit entry lost'));
  }
}
