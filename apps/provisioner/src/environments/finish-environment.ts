import type { CloudDriver } from '@cloudhero/cloud';
import { CloudHeroError } from '@cloudhero/domain';
import type { EnvironmentWork } from '@cloudhero/persistence';
import type { ReconcilerStores } from './reconciler-stores';

/** Deleting a server takes about this long. */
const LOOK_AGAIN_MS = 3000;

/** When the last node is gone: takes away what the cloud made besides, then closes the book. */
export class FinishEnvironment {
  constructor(private readonly stores: Pick<ReconcilerStores, 'environments' | 'launches'>) {}

  /**
   * @returns whether it is closed; false when somebody else was faster.
   * @throws CloudHeroError `conflict` while something is still there that has to go first.
   */
  async run({ environment }: EnvironmentWork, driver: CloudDriver): Promise<boolean> {
    const { id, region } = environment;
    // Nothing more is sent for them, and whatever a late call makes is nobody's.
    await this.stores.launches.closeAll(id);
    // Keys are made before anything at the cloud is; without them nothing can be there.
    if (environment.sealedKeys) {
      await this.deleteServers(driver, region, id);
      await driver.cleanup(region, id);
    }
    const saved = await this.stores.environments.save(
      environment,
      {
        absentAt: new Date(this.stores.environments.now()),
        nextReconcileAt: null,
        // The secrets of what is gone are of no use to anybody but a thief.
        sealedKeys: null,
        sealedJoinTokens: null,
        lastErrorCode: null,
        lastErrorMessage: null,
      },
      { type: 'environment', message: 'The environment is gone.' },
    );
    return saved !== null;
  }

  /** No node has one any more; one that is there was made by a call that came late. */
  private async deleteServers(driver: CloudDriver, region: string, id: string): Promise<void> {
    const alive = (await driver.observe(region, [id])).filter(
      ({ state }) => state !== 'terminated',
    );
    if (alive.length === 0) return;
    const toDelete = alive.filter(({ state }) => state !== 'shutting-down');
    await driver.terminate(
      region,
      toDelete.map((server) => server.id),
    );
    const message = `${alive.length} servers of the environment still go.`;
    throw new CloudHeroError('conflict', message, { retryAfterMs: LOOK_AGAIN_MS });
  }
}
