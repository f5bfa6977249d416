import type { ApiGatewayConfig } from '@cloudhero/config';
import { isId, PACKAGE_CATALOGUE, type CloudMetadata } from '@cloudhero/domain';
import { IntegrationRepository } from '@cloudhero/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, invalid, type ErrorEntry } from '../http/api.error';
import { MetadataService } from '../providers/metadata.service';
import { CONFIG } from '../tokens';

/** What has to be true before anything is launched. */
@Injectable()
export class EnvironmentChecks {
  private readonly maxNodes: number;

  constructor(
    private readonly metadata: MetadataService,
    private readonly integrations: IntegrationRepository,
    @Inject(CONFIG) config: ApiGatewayConfig,
  ) {
    this.maxNodes = config.CLOUDHERO_MAX_NODES_PER_ENVIRONMENT;
  }

  /** What the provider of a request offers. @throws ApiError 422 when it is nobody's or another's */
  async offers(organisationId: string, providerId: string): Promise<CloudMetadata> {
    const unknown = invalid({
      code: 'unknown_provider',
      message: 'There is no such provider. GET /providers lists yours.',
      field: 'provider_id',
    });
    if (!isId(providerId)) throw unknown;
    try {
      return await this.metadata.get(organisationId, providerId);
    } catch (error) {
      throw error instanceof ApiError && error.status === 404 ? unknown : error;
    }
  }

  region(region: string, { locations }: CloudMetadata): ErrorEntry[] {
    if (Object.hasOwn(locations, region)) return [];
    const known = Object.keys(locations).sort().join(', ');
    const message = `The cloud has no region ${region}. It has ${known}.`;
    return [{ code: 'unknown_region', message, field: 'region' }];
  }

  async integrationsOf(organisationId: string, ids: readonly string[]): Promise<ErrorEntry[]> {
    const known = await this.integrations.known(organisationId, ids.filter(isId));
    return ids.flatMap((id, index) => {
      if (known.has(id)) return [];
      const message = 'There is no such integration. GET /integrations lists yours.';
      return [{ code: 'unknown_integration', message, field: `integrations[${index}]` }];
    });
  }

  count(nodes: number): ErrorEntry[] {
    if (nodes <= this.maxNodes) return [];
    const message = `An environment has ${this.maxNodes} nodes at most.`;
    return [{ code: 'too_many_nodes', message, field: 'nodes' }];
  }

  /** @throws ApiError 422 when there is an error; with the catalogue when it is about a package */
  pass(errors: readonly ErrorEntry[]): void {
    if (errors.length === 0) return;
    const packages = errors.some((error) => error.code === 'unknown_package');
    throw new ApiError(422, errors.slice(0, 100), {
      ...(packages && { body: { packages: PACKAGE_CATALOGUE } }),
    });
  }
}
