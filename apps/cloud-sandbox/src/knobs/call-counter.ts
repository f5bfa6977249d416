import { Injectable } from '@nestjs/common';

/** How often each action was called since the start or the last reset, refused calls included. */
@Injectable()
export class CallCounter {
  private readonly counts = new Map<string, number>();

  note(action: string): void {
    this.counts.set(action, (this.counts.get(action) ?? 0) + 1);
  }

  /** Counts by action, and their sum as `total`. */
  report(): { total: number; actions: Record<string, number> } {
    const actions = Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
    return { total: [...this.counts.values()].reduce((sum, count) => sum + count, 0), actions };
  }

  reset(): void {
    this.counts.clear();
  }
}
