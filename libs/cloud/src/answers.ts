import { Recent } from './recent';

/** What a cloud offers changes over weeks; a launch is told of it anyway. */
export const OFFERS_KEPT_MS = 600_000;
/** Questions whose answers are kept: a few sizes in each of a cloud's regions. */
const KEPT = 100;

interface Answer<T> {
  promise: Promise<T>;
  until: number;
}

/** Answers to questions that everybody asks again and again; those who ask at once share one call. */
export class Answers<T> {
  private readonly kept = new Recent<Answer<T>>(KEPT);

  /** @param now milliseconds, for specs */
  constructor(
    private readonly keptMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** The answer from less than `keptMs` ago, or `ask`'s. A failure is for those who wait for it alone. */
  get(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.kept.get(question);
    if (known && this.now() < known.until) return known.promise;
    const answer = { promise: ask(), until: this.now() + this.keptMs };
    this.kept.put(question, answer);
    answer.promise.catch(() => (answer.until = 0));
    return answer.promise;
  }

  /** Has the question asked anew the next time. */
  forget(question: string): void {
    const known = this.kept.get(question);
    if (known) known.until = 0;
  }
}
