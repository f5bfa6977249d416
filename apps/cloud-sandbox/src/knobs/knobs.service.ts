import { Injectable } from '@nestjs/common';
import { Journal } from '../machines/journal';
import { type ErrorKnob, type Knobs, knobsSchema } from './knobs.schema';
import { randomSequence } from './random';

const TABLE = 'knobs';
const KEY = 'current';

/** The knobs as they are turned now. They outlive a restart, so that a kill changes no test. */
@Injectable()
export class KnobsService {
  private random: () => number;

  constructor(private readonly journal: Journal) {
    this.random = randomSequence(this.current.seed);
  }

  get current(): Knobs {
    return this.journal.table<Knobs>(TABLE).get(KEY) ?? knobsSchema.parse({});
  }

  set(knobs: Knobs): void {
    this.journal.put(TABLE, KEY, knobs);
    this.journal.flush();
    this.random = randomSequence(knobs.seed);
  }

  reset(): void {
    this.set(knobsSchema.parse({}));
  }

  latencyMs(): number {
    const range = this.current.latencyMs;
    if (!range) return 0;
    return range.min + this.random() * Math.max(0, range.max - range.min);
  }

  /** The error that this call is to end with, if any; one with a count is used up by it. */
  nextError(action: string, asynchronous: boolean): ErrorKnob | undefined {
    return this.draw(
      this.current.errors.filter((knob) => (knob.asynchronous ?? false) === asynchronous),
      action,
    );
  }

  /** Whether this call's reply gets lost. */
  losesReply(action: string): boolean {
    return this.draw(this.current.lostReplies, action) !== undefined;
  }

  private draw<T extends { action: string; count?: number; probability?: number }>(
    knobs: T[],
    action: string,
  ): T | undefined {
    for (const knob of knobs) {
      if (knob.action !== '*' && knob.action !== action) continue;
      if (knob.count === 0) continue;
      if (knob.probability !== undefined && this.random() >= knob.probability) continue;
      if (knob.count !== undefined) {
        knob.count--;
        this.journal.put(TABLE, KEY, this.current);
      }
      return knob;
    }
    return undefined;
  }
}
