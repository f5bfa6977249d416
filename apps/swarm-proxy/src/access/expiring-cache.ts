/**
 * Keeps what `load` found for a short time, at most `maxEntries` of it; who asks while it is being
 * loaded waits for the same answer. Failures are not kept.
 */
export class ExpiringCache<T> {
  private readonly entries = new Map<string, { value: Promise<T>; expiresAt: number }>();

  constructor(
    private readonly load: (key: string) => Promise<T>,
    private readonly options: { ttlMs: number; maxEntries: number },
  ) {}

  get(key: string, now = Date.now()): Promise<T> {
    const entry = this.entries.get(key);
    if (entry && entry.expiresAt > now) return entry.value;
    this.entries.delete(key);
    const value = this.load(key);
    this.entries.set(key, { value, expiresAt: now + this.options.ttlMs });
    value.catch(() => this.entries.delete(key));
    // A Map keeps the order of insertion: the first is the oldest.
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.options.maxEntries) break;
      this.entries.delete(oldest);
    }
    return value;
  }
}
