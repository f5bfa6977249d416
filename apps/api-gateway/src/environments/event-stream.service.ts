import {
  EventFeed,
  isDatabaseUnavailable,
  TenantEnvironmentRepository,
} from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { REQUEST_ID_HEADER } from '../http/request-log';
import { ShutdownService } from '../http/shutdown.service';
import { printEvent } from './print-environment';

const HEARTBEAT_MS = 15_000;
const AWAY_MS = 1000;
const BATCH = 200;
/**
 * Ids are given before their transactions commit, so an event can appear after one with a higher
 * id. This many ids back are looked at again.
 */
const OVERLAP = 200n;

/** Server-sent events of one environment, until the client leaves. */
@Injectable()
export class EventStream {
  constructor(
    private readonly environments: TenantEnvironmentRepository,
    private readonly feed: EventFeed,
    private readonly shutdown: ShutdownService,
  ) {}

  /** The caller has checked whose the environment is. */
  async send(environmentId: string, after: bigint, reply: FastifyReply): Promise<void> {
    const signal = this.shutdown.signalFor(reply);
    reply.hijack();
    const out = reply.raw;
    out.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      [REQUEST_ID_HEADER]: reply.request.id,
    });
    out.write('retry: 2000\n\n');
    const write = async (text: string) => {
      if (!out.write(text)) await once(out, 'drain', { signal });
    };
    try {
      await this.follow(environmentId, after, signal, write);
    } catch {
      // The client left, or comes again with Last-Event-ID.
    }
    out.end();
  }

  private async follow(
    environmentId: string,
    after: bigint,
    signal: AbortSignal,
    write: (text: string) => Promise<void>,
  ) {
    const sent = new Set<bigint>();
    let last = after;
    while (!signal.aborted) {
      const happened = this.feed.next(environmentId, HEARTBEAT_MS, signal);
      const since = last - OVERLAP > after ? last - OVERLAP : after;
      const rows = await this.rows(environmentId, since, signal);
      const fresh = rows.filter((row) => !sent.has(row.id));
      for (const row of fresh) {
        sent.add(row.id);
        if (row.id > last) last = row.id;
        const data = JSON.stringify(printEvent(row));
        await write(`id: ${row.id}\nevent: ${row.type}\ndata: ${data}\n\n`);
      }
      for (const id of sent) if (id < last - OVERLAP) sent.delete(id);
      if (fresh.length > 0) continue;
      const start = Date.now();
      await happened;
      if (Date.now() - start >= HEARTBEAT_MS - 100) await write(': still here\n\n');
    }
  }

  /** Waits for a database that is away: clients take a 503 at reconnecting for the end. */
  private async rows(environmentId: string, since: bigint, signal: AbortSignal) {
    for (;;) {
      try {
        return await this.environments.events(environmentId, since, BATCH + Number(OVERLAP));
      } catch (error) {
        if (!isDatabaseUnavailable(error)) throw error;
        await sleep(AWAY_MS, undefined, { signal });
      }
    }
  }
}
