const TICK_MS = 20;

/**
 * One timer for any number of deadlines, rounded up to 20 ms: ten thousand virtual machines on
 * their way to `running` cost one `setTimeout`.
 */
export class Timers {
  private readonly wheel = new Map<number, Set<() => void>>();
  private next?: { tick: number; handle: NodeJS.Timeout };

  /** Runs `job` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, job: () => void): () => void {
    const tick = Math.ceil((Date.now() + Math.max(0, delayMs)) / TICK_MS);
    const slot = this.wheel.get(tick) ?? new Set();
    this.wheel.set(tick, slot.add(job));
    this.arm(tick);
    return () => void slot.delete(job);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  stop(): void {
    this.wheel.clear();
    clearTimeout(this.next?.handle);
    this.next = undefined;
  }

  private arm(tick: number): void {
    if (this.next && this.next.tick <= tick) return;
    clearTimeout(this.next?.handle);
    const wait = Math.max(0, tick * TICK_MS - Date.now());
    this.next = { tick, handle: setTimeout(() => this.fire(), wait) };
  }

  private fire(): void {
    this.next = undefined;
    const now = Date.now() / TICK_MS;
    const due = [...this.wheel.keys()].filter((tick) => tick <= now).sort((a, b) => a - b);
    for (const tick of due) {
      const jobs = this.wheel.get(tick) ?? [];
      this.wheel.delete(tick);
      for (const job of jobs) job();
    }
    if (this.wheel.size > 0) this.arm(Math.min(...this.wheel.keys()));
  }
}
