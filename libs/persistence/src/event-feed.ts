import { EventEmitter } from 'node:events';
import { Client } from 'pg';

/**
 * Tells of new rows in NodeEvent, over one LISTEN connection a process. A notification is only a
 * hint: whoever waits also looks again now and then, so one that is lost costs time and no more.
 */
export class EventFeed {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client?: Client;
  private closed = false;

  constructor(private readonly url: string) {}

  async start(): Promise<void> {
    await this.connect().catch(() => this.reconnect());
  }

  private async connect() {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
    });
    client.on('notification', ({ payload }) => this.emitter.emit(`environment:${payload}`));
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('LISTEN node_event');
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    // Only now: an attempt that fails ends too, and would be tried again twice.
    client.once('end', () => this.reconnect());
    this.client = client;
    if (this.closed) await client.end();
  }

  private reconnect() {
    if (this.closed) return;
    setTimeout(() => {
      this.connect().then(
        () => this.missed(),
        () => this.reconnect(),
      );
    }, 1000).unref();
  }

  /** Whatever was told while nobody listened is told to everybody now. */
  private missed() {
    for (const name of this.emitter.eventNames()) this.emitter.emit(name);
  }

  /** Resolves when something happened to the environment, or after `timeoutMs`, or when aborted. */
  next(environmentId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const name = `environment:${environmentId}`;
      const done = () => {
        clearTimeout(timer);
        this.emitter.off(name, done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.emitter.once(name, done);
      signal?.addEventListener('abort', done, { once: true });
      if (signal?.aborted) done();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }
}
