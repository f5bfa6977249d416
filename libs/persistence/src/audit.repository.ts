import type { Database } from './database';

export interface AuditRecord {
  organisationId: string;
  keyId: string | null;
  /** `noun.verb` */
  action: string;
  targetId: string | null;
  requestId: string;
}

/** Who did what, and when. */
export class AuditRepository {
  constructor(private readonly db: Database) {}

  async add(record: AuditRecord): Promise<void> {
    await this.db.client.auditEntry.create({ data: record });
  }
}
