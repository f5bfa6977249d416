import { newId } from '@cloudhero/domain';
import type { Application } from '@prisma/client';
import type { Database } from './database';
import { pageOf, type Page, type PageRequest } from './page';
import type { TransactionStep } from './transaction-step';

export type ApplicationRow = Application & {
  /** Those that are not gone. */
  environments: { id: string }[];
};

const include = {
  environments: { where: { absentAt: null }, select: { id: true }, orderBy: { id: 'asc' } },
} as const;

export class ApplicationRepository {
  constructor(private readonly db: Database) {}

  /** `id` is the caller's choice, so that the answer can be stored in `step`. */
  async create(
    organisationId: string,
    application: { id?: string; name: string; type: string },
    step?: TransactionStep,
  ): Promise<ApplicationRow> {
    return this.db.transaction(async (tx) => {
      const row = await tx.application.create({
        data: { organisationId, ...application, id: application.id ?? newId() },
      });
      await step?.(tx);
      return { ...row, environments: [] };
    });
  }

  find(organisationId: string, id: string): Promise<ApplicationRow | null> {
    return this.db.client.application.findFirst({ where: { id, organisationId }, include });
  }

  async list(organisationId: string, page: PageRequest): Promise<Page<ApplicationRow>> {
    const rows = await this.db.client.application.findMany({
      where: { organisationId, id: { gt: page.cursor } },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      include,
    });
    return pageOf(rows, page);
  }
}
