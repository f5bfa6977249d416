import { Database, EventFeed } from '@cloudhero/persistence';
import { CloudClient, Waker } from '@cloudhero/queue';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const CLOSE_MS = 3000;

/** Closes what the process holds open, after the last request was answered. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly feed: EventFeed,
    private readonly waker: Waker,
    private readonly cloud: CloudClient,
  ) {}

  /** Which of the things that the API depends on answer. */
  async check(): Promise<{ postgres: boolean; redis: boolean }> {
    const [postgres, redis] = await Promise.all([this.database.ping(), this.waker.isReady()]);
    return { postgres, redis };
  }

  async onApplicationShutdown() {
    const closed = Promise.allSettled([this.feed.close(), this.waker.close(), this.cloud.close()]);
    // BullMQ waits for a Redis that is away; the process need not.
    await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
    await this.database.close();
  }
}
