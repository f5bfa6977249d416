import { newId } from '@cloudhero/domain';
import type { Database } from './database';
import type { LaunchRow } from './environment.repository';
import type { NodeRow } from './node.repository';

/**
 * Launches are written down before a cloud is asked, with the nodes that they are for, so that
 * whatever a crash interrupts can be settled: sent again under the same token, or looked for by tag.
 */
export class LaunchRepository {
  constructor(private readonly db: Database) {}

  /**
   * Writes a launch down and claims `nodes` for it (all requested, of one size, unclaimed).
   * @returns null when any of them changed meanwhile; nothing is written then.
   */
  async create(
    environmentId: string,
    nodes: readonly NodeRow[],
    size: string,
    image: string,
    zone: string | null,
  ): Promise<LaunchRow | null> {
    const id = newId();
    const ids = nodes.map((node) => node.id);
    try {
      return await this.db.transaction(async (tx) => {
        const launch = await tx.launch.create({
          data: { id, environmentId, size, image, zone, count: nodes.length },
        });
        const { count } = await tx.node.updateMany({
          where: { id: { in: ids }, phase: 'requested', launchId: null, desired: 'running' },
          data: { launchId: id, phase: 'launching', version: { increment: 1 }, image },
        });
        if (count !== nodes.length) throw new ChangedMeanwhile();
        await tx.nodeEvent.createMany({
          data: nodes.map((node) => ({
            environmentId,
            nodeId: node.id,
            type: 'phase',
            phase: 'launching',
            message: `Launching a ${size}.`,
          })),
        });
        return launch as LaunchRow;
      });
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return null;
      throw error;
    }
  }

  /** The outcome is known: its servers are on their nodes' rows, or there are none. */
  async close(id: string, state: 'settled' | 'failed'): Promise<void> {
    await this.db.client.launch.updateMany({ where: { id, state: 'pending' }, data: { state } });
  }
}

class ChangedMeanwhile extends Error {}
