import type { CloudDriver } from '@cloudhero/cloud';
import { asCloudHeroError, type ObservedServer } from '@cloudhero/domain';
import type {
  CloudScopeRepository,
  EnvironmentRepository,
  NodeChange,
  NodeRepository,
  ProviderRepository,
  Scope,
} from '@cloudhero/persistence';
import type { Waker } from '@cloudhero/queue';
import type { CloudAccountsService } from '../clouds/cloud-accounts.service';
import { adoptServers } from './adopt-servers';
import { applyObservation } from './apply-observation';
import type { StraysService } from './strays.service';
import { UnchangedLooks } from './unchanged-looks';

export interface ObservationStores {
  environments: EnvironmentRepository;
  nodes: NodeRepository;
  providers: ProviderRepository;
  scopes: CloudScopeRepository;
}

interface Look {
  servers: ObservedServer[];
  /** When the cloud was asked, in milliseconds since 1970. */
  asked: number;
  environmentIds: readonly string[] | undefined;
}

/** One look at a cloud account and region serves every node that waits there. */
export class ObserveScopeService {
  private readonly unchanged = new UnchangedLooks();

  constructor(
    private readonly stores: ObservationStores,
    private readonly accounts: CloudAccountsService,
    private readonly strays: StraysService,
    private readonly waker: Waker,
  ) {}

  /**
   * Brings the rows of a scope, or of some environments in it, up to date with the cloud and wakes the
   * environments in which something changed. A failure is shown on those that wait, and thrown.
   */
  async observe(scope: Scope, environmentIds?: readonly string[]): Promise<void> {
    const provider = await this.stores.providers.find(scope.providerId);
    // Without credentials: it was deleted, and so were its environments.
    if (!provider?.sealedCredentials) return;
    const driver = this.accounts.driverFor(provider);
    try {
      const asked = this.stores.nodes.now();
      const servers = await driver.observe(scope.region, environmentIds);
      const look = { servers, asked, environmentIds };
      if (environmentIds) await this.update(scope, driver, look);
      else await this.compareAll(scope, driver, look);
    } catch (error) {
      const { code, message } = asCloudHeroError(error);
      if (code !== 'throttled') await this.stores.environments.noteError(scope, code, message);
      throw error;
    }
  }

  private async compareAll(scope: Scope, driver: CloudDriver, look: Look): Promise<void> {
    if (this.unchanged.covers(scope, look.servers, look.asked)) return;
    this.unchanged.differed(scope);
    const alike = await this.update(scope, driver, look);
    const strays = await this.strays.delete(scope, driver, look.servers);
    if (alike && strays === 0) this.unchanged.agreed(scope, look.servers, look.asked);
  }

  /** @returns whether the rows said already what the cloud shows. */
  private async update(scope: Scope, driver: CloudDriver, look: Look): Promise<boolean> {
    const { nodes, scopes } = this.stores;
    const differing = await scopes.differing(scope, look.servers, look.environmentIds);
    const changes = [
      ...(await applyObservation(differing, {
        servers: look.servers,
        region: scope.region,
        find: (region, ids) => driver.find(region, ids),
        now: look.asked,
      })),
      ...adoptServers(await scopes.unclaimed(scope, look.servers)),
    ];
    await this.save(scope, changes, nodes);
    return differing.length === 0 && changes.length === 0;
  }

  private async save({ providerId }: Scope, changes: NodeChange[], nodes: NodeRepository) {
    const saved = await nodes.saveAll(changes);
    const changed = changes.filter(({ node }) => saved.has(node.id));
    const ids = new Set(changed.map(({ node }) => node.environmentId));
    await this.waker.wakeAll(
      'environment',
      [...ids].map((id) => ({ id, tenant: providerId })),
    );
  }
}
