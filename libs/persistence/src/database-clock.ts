/** How often the clock is set by Postgres. Clocks of two machines drift apart by far less meanwhile. */
const SET_EVERY_MS = 30_000;
/** What took longer tells too little: the process may have been paused while it asked. */
const SURE_WITHIN_MS = 1000;

/**
 * Postgres's clock, for everything that is written to rows or compared with them: workers on machines
 * whose clocks disagree, or on one whose clock is moved, agree on it. Between two settings it goes on
 * with this process's monotonic clock.
 */
export class DatabaseClock {
  private offsetMs = Date.now() - performance.now();
  private timer?: NodeJS.Timeout;

  /** `ask` gives Postgres's time in milliseconds since 1970. */
  constructor(private readonly ask: () => Promise<number>) {}

  /** Sets the clock now, and again and again. @throws when Postgres does not answer now. */
  async start(): Promise<void> {
    this.set(await this.measure());
    this.timer = setInterval(
      () => void this.correct().catch(() => undefined),
      SET_EVERY_MS,
    ).unref();
  }

  /** Milliseconds since 1970, as Postgres has it. */
  now(): number {
    return Math.round(performance.now() + this.offsetMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async correct(): Promise<void> {
    const measured = await this.measure();
    if (measured.tookMs <= SURE_WITHIN_MS) this.set(measured);
  }

  private set({ offsetMs }: { offsetMs: number }): void {
    this.offsetMs = offsetMs;
  }

  private async measure(): Promise<{ offsetMs: number; tookMs: number }> {
    const asked = performance.now();
    const time = await this.ask();
    const answered = performance.now();
    // Somewhere between the two it was that time.
    return { offsetMs: time - (asked + answered) / 2, tookMs: answered - asked };
  }
}
