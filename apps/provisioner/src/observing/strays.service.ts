import type { CloudDriver } from '@cloudhero/cloud';
import type { ObservedServer } from '@cloudhero/domain';
import type { CloudScopeRepository, EnvironmentRepository, Scope } from '@cloudhero/persistence';
import type { Logger } from '@cloudhero/telemetry';

/**
 * Deletes servers that nobody was ever given: those of a launch whose outcome was settled without
 * them, made by a call that was held up for longer than anybody waited for it (a worker that was
 * paused in the middle of it). That they are ours is proved by the launch's row.
 */
export class StraysService {
  constructor(
    private readonly scopes: CloudScopeRepository,
    private readonly environments: EnvironmentRepository,
    private readonly logger: Logger,
  ) {}

  /**
   * `servers` must have been listed before this is called: the rows are read after it.
   * @returns how many there were.
   */
  async delete(
    scope: Scope,
    driver: CloudDriver,
    servers: readonly ObservedServer[],
  ): Promise<number> {
    const strays = await this.scopes.strays(scope, servers);
    if (strays.length === 0) return 0;
    this.logger.warn({ ...scope, strays }, 'deleting servers that late calls have made');
    const ids = strays.map(({ id }) => id);
    await driver.terminate(scope.region, ids);
    for (const { id, environmentId } of strays) {
      const message = `Deleted server ${id}: a call that came late had made it, and no node has it.`;
      await this.environments.addEvent(environmentId, {
        type: 'drift',
        code: 'stray_server',
        message,
      });
    }
    return strays.length;
  }
}
