import type { Redis } from 'ioredis';

/** For how long what a tenant has had counts against it. */
const WINDOW_SECONDS = 10;
/** BullMQ's highest priority number, which is its lowest priority. */
const LAST = 2 ** 21 - 1;

/**
 * How many wakes each tenant has lately had, counted in Redis for all processes: the more, the later
 * its next one is served, so that a quiet tenant need not wait for a busy one's thousand.
 */
export class Busyness {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /**
   * Counts one wake for each entry of `tenants`.
   * @returns BullMQ priorities in the same order: 1 for a tenant's first wake, 2 for its second.
   * @throws when Redis does not take them
   */
  async priorities(tenants: readonly string[]): Promise<number[]> {
    const counts = new Map<string, number>();
    for (const tenant of tenants) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    const pipeline = this.redis.pipeline();
    for (const [tenant, count] of counts) {
      const key = `${this.prefix}:busy:${tenant}`;
      pipeline.set(key, 0, 'EX', WINDOW_SECONDS, 'NX').incrby(key, count);
    }
    const answers = (await pipeline.exec()) ?? [];
    const next = new Map<string, number>();
    [...counts].forEach(([tenant, count], index) => {
      const [error, total] = answers[2 * index + 1] ?? [];
      if (error) throw error;
      next.set(tenant, Number(total) - count);
    });
    return tenants.map((tenant) => {
      const priority = (next.get(tenant) ?? 0) + 1;
      next.set(tenant, priority);
      return Math.min(priority, LAST);
    });
  }
}
