import type { Integration } from '@prisma/client';
import type { Database } from './database';
import { pageOf, type Page, type PageRequest } from './page';
import type { TransactionStep } from './transaction-step';

export type IntegrationRow = Integration;
export type NewIntegration = Omit<Integration, 'organisationId' | 'createdAt'>;

/** Image registries that an organisation has an account with. */
export class IntegrationRepository {
  constructor(private readonly db: Database) {}

  async create(
    organisationId: string,
    integration: NewIntegration,
    step?: TransactionStep,
  ): Promise<IntegrationRow> {
    return this.db.transaction(async (tx) => {
      const row = await tx.integration.create({ data: { organisationId, ...integration } });
      await step?.(tx);
      return row;
    });
  }

  async list(organisationId: string, page: PageRequest): Promise<Page<IntegrationRow>> {
    const rows = await this.db.client.integration.findMany({
      where: { organisationId, id: { gt: page.cursor } },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
    });
    return pageOf(rows, page);
  }

  /** Those of `ids` that are the organisation's. */
  async known(organisationId: string, ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.db.client.integration.findMany({
      where: { organisationId, id: { in: [...ids] } },
      select: { id: true },
    });
    return new Set(rows.map((row) => row.id));
  }

  /** Removes one that no environment uses; those that are gone let go of it. */
  async remove(organisationId: string, id: string): Promise<'removed' | 'missing' | 'in_use'> {
    return this.db.transaction(async (tx) => {
      const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Integration"
        WHERE id = ${id} AND "organisationId" = ${organisationId} FOR UPDATE`;
      if (rows.length === 0) return 'missing';
      const used = await tx.environmentIntegration.count({
        where: { integrationId: id, environment: { absentAt: null } },
      });
      if (used > 0) return 'in_use';
      await tx.environmentIntegration.deleteMany({ where: { integrationId: id } });
      await tx.integration.delete({ where: { id } });
      return 'removed';
    });
  }
}
