import { TenantProviderRepository } from '@cloudhero/persistence';
import type { CloudMetadata } from '@cloudhero/domain';
import { CloudClient } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { notFound } from '../http/api.error';
import { cloudReadFailure } from '../http/cloud-failure';

const FRESH_MS = 24 * 3_600_000;

/** What a provider's cloud offers: from its row while that is fresh, or from the cloud. */
@Injectable()
export class MetadataService {
  constructor(
    private readonly providers: TenantProviderRepository,
    private readonly cloud: CloudClient,
  ) {}

  /** @throws ApiError 404, 502, 503 */
  async get(organisationId: string, providerId: string, refresh = false): Promise<CloudMetadata> {
    const provider = await this.providers.find(organisationId, providerId);
    if (!provider) throw notFound('provider');
    const age = Date.now() - (provider.metadataAt?.getTime() ?? 0);
    const kept = provider.metadata as unknown as CloudMetadata | null;
    if (kept && !refresh && age < FRESH_MS) return kept;
    // provisioner keeps what it answers on the row.
    const answer = await this.cloud.ask('provider.metadata', { providerId });
    if (answer.ok) return answer.value;
    // Sizes and regions change rarely; yesterday's are better than none.
    if (kept && !refresh && answer.temporary) return kept;
    throw cloudReadFailure(answer);
  }
}
