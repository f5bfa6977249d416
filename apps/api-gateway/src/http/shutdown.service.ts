import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Ends what would otherwise outlast the process: streams, and requests that wait. */
@Injectable()
export class ShutdownService implements BeforeApplicationShutdown {
  private readonly controller = new AbortController();

  beforeApplicationShutdown() {
    this.controller.abort();
  }

  /** Aborted when this client leaves, or when the process is to end. */
  signalFor(reply: FastifyReply): AbortSignal {
    const client = new AbortController();
    reply.raw.once('close', () => client.abort());
    if (reply.raw.destroyed) client.abort();
    return AbortSignal.any([client.signal, this.controller.signal]);
  }
}
