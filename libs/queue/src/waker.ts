import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connect, type QueueOptions } from './connection';
import { WAKE_QUEUES, type Wake, type WakeKind } from './contracts';

/** Sends wake-ups. Losing one is harmless: the sweepers find every row whose time has come. */
export class Waker {
  private readonly redis: Redis;
  private readonly queues: Record<WakeKind, Queue<Wake>>;

  constructor(options: QueueOptions) {
    this.redis = connect(options, { failFast: true });
    const queue = (kind: WakeKind) => {
      const made = new Queue<Wake>(WAKE_QUEUES[kind], {
        connection: this.redis,
        prefix: options.prefix,
        defaultJobOptions: { attempts: 1, removeOnComplete: { age: 3600 }, removeOnFail: 1000 },
      });
      made.on('error', () => undefined);
      return made;
    };
    this.queues = {
      environment: queue('environment'),
      scope: queue('scope'),
      node: queue('node'),
    };
  }

  /**
   * Wakes one row's reconciler; `keepLastIfActive` runs it once more when it is running now. Does
   * not throw: resolves to false when Redis could not be reached.
   */
  async wake(kind: WakeKind, id: string): Promise<boolean> {
    return this.wakeAll(kind, [id]);
  }

  /** As `wake`, for many rows in one round trip. */
  async wakeAll(kind: WakeKind, ids: readonly string[]): Promise<boolean> {
    if (ids.length === 0) return true;
    // BullMQ would wait for Redis to come back; a wake-up is not worth waiting for.
    if (this.redis.status !== 'ready') return false;
    try {
      await this.queues[kind].addBulk(
        ids.map((id) => ({
          name: WAKE_QUEUES[kind],
          data: { id },
          opts: { deduplication: { id, keepLastIfActive: true } },
        })),
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Whether Redis answers, for readiness. */
  async ping(): Promise<boolean> {
    return this.redis.ping().then(
      () => true,
      () => false,
    );
  }

  /** The BullMQ queues, for Bull Board. */
  get all(): Queue[] {
    return Object.values(this.queues);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((queue) => queue.close()));
    this.redis.disconnect();
  }
}
