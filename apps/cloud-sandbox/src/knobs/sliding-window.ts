/** At most `limit` calls within any `windowMs`; the clock, in milliseconds, is passed in. */
export class SlidingWindow {
  /** When the calls of the last window were, oldest first; those before `start` are out of it. */
  private times: number[] = [];
  private start = 0;

  constructor(
    readonly limit: number,
    private readonly windowMs: number,
  ) {}

  take(now: number): void {
    this.forget(now);
    this.times.push(now);
  }

  /** How long until another call fits in; 0 where it does now. */
  waitMs(now: number): number {
    if (this.left(now) > 0) return 0;
    return Math.max(1, (this.oldest(now) ?? now) + this.windowMs - now);
  }

  left(now: number): number {
    this.forget(now);
    return this.limit - (this.times.length - this.start);
  }

  /** When the oldest call that still counts was. */
  oldest(now: number): number | undefined {
    this.forget(now);
    return this.times[this.start];
  }

  private forget(now: number): void {
    while (this.start < this.times.length && (this.times[this.start] ?? 0) <= now - this.windowMs)
      this.start++;
    if (this.start < 1000 || this.start < this.times.length / 2) return;
    this.times = this.times.slice(this.start);
    this.start = 0;
  }
}
