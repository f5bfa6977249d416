interface Turn {
  running: number;
  waiting: (() => void)[];
}

/**
 * Keeps one cloud account from taking all of a process's work places: so many of its jobs run at
 * once, so many more wait for them, and any further one is turned away. An account whose cloud hangs
 * holds up its own environments and nobody else's.
 */
export class ProviderGate {
  private readonly turns = new Map<string, Turn>();

  constructor(
    private readonly mostRunning: number,
    private readonly mostWaiting: number,
  ) {}

  /** @returns whether the work was done; one that was turned away was not begun. */
  async run(providerId: string, work: () => Promise<void>): Promise<boolean> {
    const turn = this.turns.get(providerId) ?? { running: 0, waiting: [] };
    this.turns.set(providerId, turn);
    if (turn.running < this.mostRunning) turn.running += 1;
    else if (turn.waiting.length >= this.mostWaiting) return false;
    // Whoever ends hands its place over.
    else await new Promise<void>((resolve) => turn.waiting.push(resolve));
    try {
      await work();
      return true;
    } finally {
      const next = turn.waiting.shift();
      if (next) next();
      else if ((turn.running -= 1) === 0) this.turns.delete(providerId);
    }
  }
}
