import { ApiKeyRepository, type ApiKeyRow, type PageRequest } from '@cloudhero/persistence';
import { hashToken, newApiKey } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { notFound } from '../http/api.error';
import type { CreateKeyDto } from './key.dto';

@Injectable()
export class KeysService {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly audit: AuditService,
  ) {}

  async list(caller: Caller, page: PageRequest) {
    const { items, next } = await this.keys.list(caller.organisationId, page);
    return { items: items.map((row) => printKey(row)), next };
  }

  async create(caller: Caller, { name, scope }: CreateKeyDto) {
    const key = newApiKey();
    const row = await this.keys.create(caller.organisationId, {
      userId: caller.userId,
      name,
      scope,
      hash: hashToken(key),
      lastFour: key.slice(-4),
    });
    await this.audit.record(caller, 'key.create', row.id);
    return printKey(row, key);
  }

  async rename(caller: Caller, id: string, name: string) {
    const row = await this.keys.rename(caller.organisationId, id, name);
    if (!row) throw notFound('key');
    await this.audit.record(caller, 'key.rename', id);
    return printKey(row);
  }

  async revoke(caller: Caller, id: string): Promise<void> {
    const revoked = await this.keys.revoke(caller.organisationId, id);
    if (!revoked) throw notFound('key');
    await this.audit.record(caller, 'key.revoke', id);
  }
}

function printKey(row: ApiKeyRow, key?: string) {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    persistent_token: key ?? `••••${row.lastFour}`,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
  };
}
