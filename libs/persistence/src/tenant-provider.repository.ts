import { newId } from '@cloudhero/domain';
import type { Prisma } from '@prisma/client';
import type { Database } from './database';
import { isUniqueViolation } from './database-errors';
import type { ProviderRow } from './environment.repository';
import { pageOf, type Page, type PageRequest } from './page';
import type { TransactionStep } from './transaction-step';

/** A name whose credentials were never accepted is free again after this long. */
const UNVERIFIED_MS = 5 * 60_000;

export interface NewProvider {
  name: string;
  type: 'ec2' | 'digital_ocean';
  endpoint: string | null;
  maskedCredentials: Record<string, string>;
  /** Seals the credentials for the row whose id it is given. */
  seal: (id: string) => string;
}

/** An organisation's providers. Only those that a cloud has accepted are shown. */
export class TenantProviderRepository {
  constructor(private readonly db: Database) {}

  /** Adds a provider that is not shown until `markVerified`. Null when the name is taken. */
  async create(organisationId: string, provider: NewProvider): Promise<ProviderRow | null> {
    const id = newId();
    const { seal, ...data } = provider;
    try {
      return await this.db.transaction(async (tx) => {
        await tx.provider.deleteMany({
          where: {
            organisationId,
            name: data.name,
            verifiedAt: null,
            createdAt: { lt: new Date(this.db.now() - UNVERIFIED_MS) },
            environments: { none: {} },
          },
        });
        return tx.provider.create({
          data: { id, organisationId, ...data, sealedCredentials: seal(id) },
        });
      });
    } catch (error) {
      if (isUniqueViolation(error)) return null;
      throw error;
    }
  }

  async markVerified(id: string, step?: TransactionStep): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.provider.update({ where: { id }, data: { verifiedAt: new Date(this.db.now()) } });
      await step?.(tx);
    });
  }

  /** Takes back what `create` made when the cloud did not accept it. */
  async discard(id: string): Promise<void> {
    await this.db.client.provider.deleteMany({ where: { id, verifiedAt: null } });
  }

  find(organisationId: string, id: string): Promise<ProviderRow | null> {
    return this.db.client.provider.findFirst({
      where: { id, organisationId, verifiedAt: { not: null } },
    });
  }

  async list(organisationId: string, page: PageRequest): Promise<Page<ProviderRow>> {
    const rows = await this.db.client.provider.findMany({
      where: { organisationId, verifiedAt: { not: null }, id: { gt: page.cursor } },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
    });
    return pageOf(rows, page);
  }

  /**
   * Removes a provider that no environment uses. The environments that are gone still name it, so
   * then its row stays, without its credentials and without its name, and is shown to nobody.
   */
  async remove(organisationId: string, id: string): Promise<'removed' | 'missing' | 'in_use'> {
    return this.db.transaction(async (tx) => {
      if (!(await lock(tx, organisationId, id))) return 'missing';
      const used = await tx.environment.count({ where: { providerId: id, absentAt: null } });
      if (used > 0) return 'in_use';
      await tx.cloudScope.deleteMany({ where: { providerId: id } });
      const past = await tx.environment.count({ where: { providerId: id } });
      if (past === 0) await tx.provider.delete({ where: { id } });
      else await tx.provider.update({ where: { id }, data: scrubbed(id) });
      return 'removed';
    });
  }
}

/** Environments are made under a shared lock of this row, so none can appear meanwhile. */
async function lock(tx: Prisma.TransactionClient, organisationId: string, id: string) {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Provider"
    WHERE id = ${id} AND "organisationId" = ${organisationId} AND "verifiedAt" IS NOT NULL
    FOR UPDATE`;
  return rows.length > 0;
}

function scrubbed(id: string) {
  return {
    name: `deleted:${id}`,
    verifiedAt: null,
    sealedCredentials: '',
    maskedCredentials: {},
  };
}
