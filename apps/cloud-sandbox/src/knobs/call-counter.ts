import { Injectable } from '@nestjs/common';
import type { Cloud } from './knobs.schema';

/** How often each action was called since the start or the last reset, refused calls included. */
@Injectable()
export class CallCounter {
  private readonly counts: Record<Cloud, Map<string, number>> = {
    ec2: new Map(),
    digital_ocean: new Map(),
  };

  note(cloud: Cloud, action: string): void {
    const counts = this.counts[cloud];
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }

  /** Counts by action, and their sum as `total`; of both clouds where none is named. */
  report(cloud?: Cloud): { total: number; actions: Record<string, number> } {
    // The names of the clouds' actions differ, so that nothing is added up.
    const clouds = cloud ? [this.counts[cloud]] : Object.values(this.counts);
    const entries = clouds.flatMap((counts) => [...counts]);
    return {
      total: entries.reduce((sum, [, count]) => sum + count, 0),
      actions: Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b))),
    };
  }

  reset(): void {
    for (const counts of Object.values(this.counts)) counts.clear();
  }
}
