import type { Database } from './database';
import type { ProviderRow } from './environment.repository';

/** The workers' view of providers. */
export class ProviderRepository {
  constructor(private readonly db: Database) {}

  find(id: string): Promise<ProviderRow | null> {
    return this.db.client.provider.findUnique({ where: { id } });
  }

  /** Keeps what the cloud offers. */
  async saveMetadata(id: string, metadata: object): Promise<void> {
    await this.db.client.provider.updateMany({
      where: { id },
      data: { metadata, metadataAt: new Date() },
    });
  }
}
