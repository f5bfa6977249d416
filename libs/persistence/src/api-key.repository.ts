import { newId } from '@cloudhero/domain';
import type { ApiKey } from '@prisma/client';
import type { Database } from './database';
import { pageOf, type Page, type PageRequest } from './page';

export type ApiKeyScope = 'full' | 'read';
export type ApiKeyRow = Omit<ApiKey, 'scope' | 'hash'> & { scope: ApiKeyScope };

/** Whose a key is, and what it allows. */
export interface KeyOwner {
  keyId: string;
  scope: ApiKeyScope;
  userId: string;
  organisationId: string;
  organisationName: string;
  lastUsedAt: Date | null;
}

export interface NewApiKey {
  userId: string;
  name: string;
  scope: ApiKeyScope;
  hash: string;
  lastFour: string;
}

export class ApiKeyRepository {
  constructor(private readonly db: Database) {}

  /** The owner of a key by its hash; null when it is unknown or revoked. */
  async findOwner(hash: string): Promise<KeyOwner | null> {
    const row = await this.db.client.apiKey.findUnique({
      where: { hash },
      include: { organisation: { select: { name: true } } },
    });
    if (!row || row.revokedAt) return null;
    return {
      keyId: row.id,
      scope: row.scope as ApiKeyScope,
      userId: row.userId,
      organisationId: row.organisationId,
      organisationName: row.organisation.name,
      lastUsedAt: row.lastUsedAt,
    };
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.db.client.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } });
  }

  /** An organisation's keys that are not revoked. */
  async list(organisationId: string, page: PageRequest): Promise<Page<ApiKeyRow>> {
    const rows = await this.db.client.apiKey.findMany({
      where: { organisationId, revokedAt: null, id: { gt: page.cursor } },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      omit: { hash: true },
    });
    return pageOf(rows as ApiKeyRow[], page);
  }

  async create(organisationId: string, key: NewApiKey): Promise<ApiKeyRow> {
    const row = await this.db.client.apiKey.create({
      data: { id: newId(), organisationId, ...key },
      omit: { hash: true },
    });
    return row as ApiKeyRow;
  }

  /** Null when there is no such key. */
  async rename(organisationId: string, id: string, name: string): Promise<ApiKeyRow | null> {
    const where = { id, organisationId, revokedAt: null };
    const { count } = await this.db.client.apiKey.updateMany({ where, data: { name } });
    if (count === 0) return null;
    const row = await this.db.client.apiKey.findUnique({ where: { id }, omit: { hash: true } });
    return row as ApiKeyRow | null;
  }

  /** @returns whether there was such a key. */
  async revoke(organisationId: string, id: string): Promise<boolean> {
    const { count } = await this.db.client.apiKey.updateMany({
      where: { id, organisationId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}
