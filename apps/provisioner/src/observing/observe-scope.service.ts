import { asCloudHeroError } from '@cloudhero/domain';
import {
  type EnvironmentRepository,
  type NodeRepository,
  type ProviderRepository,
  type Scope,
} from '@cloudhero/persistence';
import { type Waker } from '@cloudhero/queue';
import { type CloudAccountsService } from '../clouds/cloud-accounts.service';
import { applyObservation } from './apply-observation';

/** One look at a cloud account and region serves every node that waits there. */
export class ObserveScopeService {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly nodes: NodeRepository,
    private readonly providers: ProviderRepository,
    private readonly accounts: CloudAccountsService,
    private readonly waker: Waker,
  ) {}

  /**
   * Brings the rows of a scope, or of one environment in it, up to date with the cloud and wakes the
   * environments in which something changed. A failure is shown on those that wait, and thrown.
   */
  async observe(scope: Scope, environmentId?: string): Promise<void> {
    const provider = await this.providers.find(scope.providerId);
    if (!provider) return;
    // Rows first: a server that is launched after the list was made is then simply not looked for.
    const rows = await this.environments.nodesInScope(scope, environmentId);
    const driver = this.accounts.driverFor(provider);
    try {
      const servers = await driver.observe(scope.region, environmentId);
      const changes = await applyObservation(
        rows,
        servers,
        (region, ids) => driver.find(region, ids),
        scope.region,
      );
      const saved = await this.nodes.saveAll(changes);
      const changed = changes.filter(({ node }) => saved.has(node.id));
      await this.waker.wakeAll('environment', [
        ...new Set(changed.map(({ node }) => node.environmentId)),
      ]);
    } catch (error) {
      const { code, message } = asCloudHeroError(error);
      await this.environments.noteError(scope, code, message);
      throw error;
    }
  }
}
