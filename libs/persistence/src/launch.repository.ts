import { newId } from '@cloudhero/domain';
import type { Database } from './database';
import type { LaunchRow } from './environment.repository';
import type { NodeRow, SaveGuard } from './node.repository';

/**
 * Launches are written down before a cloud is asked, with the nodes that they are for, so that
 * whatever a crash interrupts can be settled: sent again under the same token, or looked for by tag.
 */
export class LaunchRepository {
  constructor(private readonly db: Database) {}

  /**
   * Writes a launch down and claims `nodes` for it (all requested, of one size, unclaimed). One that
   * is to be stopped needs a server too: it may have lost its first, for lack of room, after that.
   * @returns null when any of them changed meanwhile; nothing is written then.
   */
  async create(
    environmentId: string,
    nodes: readonly NodeRow[],
    { size, image, zone }: LaunchPlace,
  ): Promise<LaunchRow | null> {
    const now = this.db.now();
    const id = newId(now);
    const ids = nodes.map((node) => node.id);
    const where = zone ? ` in ${zone}` : '';
    try {
      return await this.db.transaction(async (tx) => {
        const launch = await tx.launch.create({
          data: {
            id,
            environmentId,
            size,
            image,
            zone,
            count: nodes.length,
            attempt: 0,
            createdAt: new Date(now),
          },
        });
        const { count } = await tx.node.updateMany({
          where: {
            id: { in: ids },
            phase: 'requested',
            launchId: null,
            desired: { not: 'absent' },
          },
          data: { launchId: id, phase: 'launching', version: { increment: 1 }, image },
        });
        if (count !== nodes.length) throw new ChangedMeanwhile();
        await tx.nodeEvent.createMany({
          data: nodes.map((node) => ({
            environmentId,
            nodeId: node.id,
            type: 'phase',
            phase: 'launching',
            message: `Launching a ${size}${where}.`,
          })),
        });
        return launch as LaunchRow;
      });
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return null;
      throw error;
    }
  }

  /**
   * Takes the right to send a launch to its cloud, and writes it down before it is used: nobody else
   * sends it within `settlesMs`. A launch whose `attempt` is 0 was never sent by anybody.
   * @returns false when somebody else has it, or the launch is closed.
   */
  async claim({ id, attempt }: LaunchRow, settlesMs: number): Promise<boolean> {
    const now = this.db.now();
    const { count } = await this.db.client.launch.updateMany({
      where: {
        id,
        attempt,
        state: 'pending',
        OR: [{ sentAt: null }, { sentAt: { lte: new Date(now - settlesMs) } }],
      },
      data: { attempt: { increment: 1 }, sentAt: new Date(now) },
    });
    return count > 0;
  }

  /** The outcome is known: its servers are on their nodes' rows, or nobody waits for them. */
  async settle(id: string): Promise<void> {
    await this.db.client.launch.updateMany({
      where: { id, state: 'pending' },
      data: { state: 'settled' },
    });
  }

  /**
   * Gives back the right that `claim` gave: everything that was sent has been answered, so that the
   * next attempt need not wait for anything of this one.
   */
  async release({ id, attempt, sentAt }: LaunchRow): Promise<void> {
    await this.db.client.launch.updateMany({
      where: { id, attempt: attempt + 1, state: 'pending' },
      data: { sentAt },
    });
  }

  /**
   * Closes a launch that the attempt just made has shown to have come to nothing, together with what
   * is saved of its nodes; not when somebody has begun another attempt meanwhile.
   */
  refused({ id, attempt }: LaunchRow): SaveGuard {
    return async (tx) => {
      const where = { id, attempt: attempt + 1, state: 'pending' };
      const { count } = await tx.launch.updateMany({ where, data: { state: 'failed' } });
      return count > 0;
    };
  }

  /** Nobody waits for any launch of an environment any more. */
  async closeAll(environmentId: string): Promise<void> {
    await this.db.client.launch.updateMany({
      where: { environmentId, state: 'pending' },
      data: { state: 'failed' },
    });
  }
}

/** Where and of what a launch makes servers. */
export interface LaunchPlace {
  size: string;
  image: string;
  zone: string | null;
}

class ChangedMeanwhile extends Error {}
