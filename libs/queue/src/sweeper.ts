/**
 * Calls `sweep` now and then, never twice at once; an error is handed to `onError` and the next
 * round comes all the same.
 */
export class Sweeper {
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly intervalMs: number,
    private readonly sweep: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start() {
    const round = () => {
      this.running = this.sweep()
        .catch(this.onError)
        .finally(() => {
          if (!this.stopped) this.timer = setTimeout(round, this.intervalMs);
        });
    };
    round();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
