import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Busyness } from './busyness';
import { connect, takesWrites, type QueueOptions } from './connection';
import { WAKE_QUEUES, type Wake, type WakeKind } from './contracts';
import { within } from './within';

/** Closing waits no longer than this for a Redis that is away. */
const CLOSE_MS = 3000;

/** A row to wake, and whose it is: a provider's id. Without a tenant it is one by itself. */
export type WakeTarget = string | { id: string; tenant: string };

/** Sends wake-ups. Losing one is harmless: the sweepers find every row whose time has come. */
export class Waker {
  private readonly redis: Redis;
  private readonly queues: Record<WakeKind, Queue<Wake>>;
  private readonly busyness: Busyness;

  constructor(private readonly options: QueueOptions) {
    this.redis = connect(options, { failFast: true });
    this.busyness = new Busyness(this.redis, options.prefix);
    const queue = (kind: WakeKind) => {
      const made = new Queue<Wake>(WAKE_QUEUES[kind], {
        connection: this.redis,
        prefix: options.prefix,
        // Kept for Bull Board to show; nothing else needs them, and Redis has to hold them.
        defaultJobOptions: {
          attempts: 1,
          removeOnComplete: { age: 3600, count: 1000 },
          removeOnFail: { count: 1000 },
        },
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
   * not throw: resolves to false when Redis could not be reached, or takes no writes.
   */
  async wake(kind: WakeKind, id: string, tenant = id): Promise<boolean> {
    return this.wakeAll(kind, [{ id, tenant }]);
  }

  /** As `wake`, for many rows. Those of a tenant that had few wakes lately are served first. */
  async wakeAll(kind: WakeKind, targets: readonly WakeTarget[]): Promise<boolean> {
    if (targets.length === 0) return true;
    // BullMQ would wait for Redis to come back; a wake-up is not worth waiting for.
    if (this.redis.status !== 'ready') return false;
    const wakes = targets.map((target) =>
      typeof target === 'string' ? { id: target, tenant: target } : target,
    );
    try {
      const tenants = wakes.map(({ tenant }) => `${kind}:${tenant}`);
      const priorities = await this.busyness.priorities(tenants);
      await this.queues[kind].addBulk(
        wakes.map(({ id }, index) => ({
          name: WAKE_QUEUES[kind],
          data: { id },
          // Every wake has a priority: BullMQ serves those without one before all others.
          opts: {
            deduplication: { id, keepLastIfActive: true },
            priority: priorities[index] ?? 1,
          },
        })),
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Whether Redis takes wake-ups, for readiness. */
  isReady(): Promise<boolean> {
    return takesWrites(this.redis, this.options);
  }

  /** The BullMQ queues, for Bull Board. */
  get all(): Queue[] {
    return Object.values(this.queues);
  }

  async close(): Promise<void> {
    await within(CLOSE_MS, Promise.all(this.all.map((queue) => queue.close())));
    this.redis.disconnect();
  }
}
