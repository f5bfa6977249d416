import { Injectable } from '@nestjs/common';
import { Journal } from '../machines/journal';
import {
  type Cloud,
  type ErrorKnob,
  type ExhaustedKnob,
  type Knobs,
  knobsSchema,
} from './knobs.schema';
import { randomSequence } from './random';

const TABLE = 'knobs';
const KEY = 'current';

/** Who calls, and for what. */
export interface Call {
  cloud: Cloud;
  account: string;
  action: string;
}

/** Where a launch wants machines. */
export interface Place {
  cloud: Cloud;
  account: string;
  size: string;
  region: string;
  zone?: string;
}

interface Whom {
  cloud?: Cloud;
  account?: string;
}

/** The knobs as they are turned now. They outlive a restart, so that a kill changes no test. */
@Injectable()
export class KnobsService {
  private knobs: Knobs;
  private random: () => number;

  constructor(private readonly journal: Journal) {
    this.knobs = knobsSchema.parse(journal.table(TABLE).get(KEY) ?? {});
    this.random = randomSequence(this.knobs.seed);
  }

  get current(): Knobs {
    return this.knobs;
  }

  set(knobs: Knobs): void {
    this.knobs = knobs;
    this.journal.put(TABLE, KEY, knobs);
    this.journal.flush();
    this.random = randomSequence(knobs.seed);
  }

  reset(): void {
    this.set(knobsSchema.parse({}));
  }

  latencyMs(cloud: Cloud, account: string): number {
    const range = this.forWhom(this.knobs.latencyMs, cloud, account);
    if (!range) return 0;
    return range.min + this.random() * Math.max(0, range.max - range.min);
  }

  /** Undefined where it is off. */
  throttling(cloud: Cloud, account: string): { scale: number } | undefined {
    const throttling = this.forWhom(this.knobs.throttling, cloud, account);
    return throttling?.enabled ? throttling : undefined;
  }

  quota(cloud: Cloud, account: string): Knobs['quota'] {
    return this.forWhom(this.knobs.quota, cloud, account);
  }

  /** How long a shutdown that does nothing takes; undefined where it works. */
  shutdownIgnoredMs(account: string): number | undefined {
    return this.forWhom(this.knobs.shutdownIgnored, 'digital_ocean', account)?.afterMs;
  }

  /** The error that this call is to end with, if any; one with a count is used up by it. */
  nextError(call: Call, asynchronous: boolean): ErrorKnob | undefined {
    return this.draw(
      this.knobs.errors.filter((knob) => (knob.asynchronous ?? false) === asynchronous),
      call,
    );
  }

  /** Whether this call's reply gets lost. */
  losesReply(call: Call): boolean {
    return this.draw(this.knobs.lostReplies, call) !== undefined;
  }

  /** The knob that says that there is no capacity, if any. */
  exhausted(place: Place): ExhaustedKnob | undefined {
    return this.knobs.exhausted.find((knob) =>
      (['cloud', 'account', 'size', 'region', 'zone'] as const).every(
        (field) => knob[field] === undefined || knob[field] === place[field],
      ),
    );
  }

  private forWhom<T extends Whom>(
    knob: T | undefined,
    cloud: Cloud,
    account: string,
  ): T | undefined {
    return knob && isFor(knob, cloud, account) ? knob : undefined;
  }

  private draw<T extends Whom & { action: string; count?: number; probability?: number }>(
    knobs: readonly T[],
    { cloud, account, action }: Call,
  ): T | undefined {
    for (const knob of knobs) {
      if (knob.action !== '*' && knob.action !== action) continue;
      if (!isFor(knob, cloud, account)) continue;
      if (knob.count === 0) continue;
      if (knob.probability !== undefined && this.random() >= knob.probability) continue;
      if (knob.count !== undefined) {
        knob.count--;
        this.journal.put(TABLE, KEY, this.knobs);
      }
      return knob;
    }
    return undefined;
  }
}

function isFor(knob: Whom, cloud: Cloud, account: string): boolean {
  return (
    (knob.cloud === undefined || knob.cloud === cloud) &&
    (knob.account === undefined || knob.account === account)
  );
}
