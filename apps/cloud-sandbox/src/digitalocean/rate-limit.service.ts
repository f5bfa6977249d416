import { Injectable } from '@nestjs/common';
import { KnobsService } from '../knobs/knobs.service';
import { SlidingWindow } from '../knobs/sliding-window';
import { tooManyRequests } from './do.error';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** @see https://docs.digitalocean.com/reference/api/reference/#rate-limit */
const HOURLY = 5000;
const BURST = 250;
const KEY_LISTINGS = 10;

export interface RateLimitHeaders {
  'ratelimit-limit': number;
  'ratelimit-remaining': number;
  /** Seconds since 1970, when the oldest call of the hour is forgotten. */
  'ratelimit-reset': number;
}

interface Windows {
  scale: number;
  hour: SlidingWindow;
  minute: SlidingWindow;
  keyListings: SlidingWindow;
}

/** DigitalOcean's limits of one token, where the knob is on; without it nothing is counted. */
@Injectable()
export class RateLimitService {
  private readonly windows = new Map<string, Windows>();

  constructor(private readonly knobs: KnobsService) {}

  /** Counts a call, unless it is refused. @throws DoError 429 with the seconds to wait */
  take(account: string, action: string, now: number): void {
    const windows = this.windowsOf(account);
    if (!windows) return;
    const { hour, minute, keyListings } = windows;
    const asked = action === 'keys.list' ? [hour, minute, keyListings] : [hour, minute];
    const wait = Math.max(...asked.map((window) => window.waitMs(now)));
    if (wait > 0) throw tooManyRequests(Math.ceil(wait / 1000));
    for (const window of asked) window.take(now);
  }

  headers(account: string | undefined, now: number): RateLimitHeaders {
    const hour = account === undefined ? undefined : this.windowsOf(account)?.hour;
    const resetMs = hour?.oldest(now) ?? now;
    return {
      'ratelimit-limit': hour?.limit ?? HOURLY,
      'ratelimit-remaining': hour?.left(now) ?? HOURLY,
      'ratelimit-reset': Math.ceil((resetMs + HOUR_MS) / 1000),
    };
  }

  private windowsOf(account: string): Windows | undefined {
    const throttling = this.knobs.throttling('digital_ocean', account);
    if (!throttling) {
      this.windows.delete(account);
      return undefined;
    }
    const { scale } = throttling;
    const found = this.windows.get(account);
    if (found?.scale === scale) return found;
    const window = (limit: number, ms: number) =>
      new SlidingWindow(Math.max(1, Math.round(limit * scale)), ms);
    const made = {
      scale,
      hour: window(HOURLY, HOUR_MS),
      minute: window(BURST, MINUTE_MS),
      keyListings: window(KEY_LISTINGS, MINUTE_MS),
    };
    this.windows.set(account, made);
    return made;
  }
}
