import { randomUUID } from 'node:crypto';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Queue, QueueEvents, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { connect, type QueueOptions } from './connection';
import { within } from './within';

/** Closing waits no longer than this for a Redis that is away. */
const CLOSE_MS = 3000;

interface Pending {
  since: number;
  settle: (packet: WritePacket) => void;
}

export interface BullClientOptions extends QueueOptions {
  queue: string;
  timeoutMs: number;
}

/** No answer came in time, or Redis was not there to take the question. */
export class NoAnswerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'NoAnswerError';
  }
}

/** Nest's client side of the BullMQ transport: a question is a job, its return value the answer. */
export class BullClient extends ClientProxy {
  private readonly pending = new Map<string, Pending>();
  private readonly redis: Redis;
  private readonly eventsRedis: Redis;
  private readonly events: QueueEvents;
  private readonly ready: Promise<unknown>;
  private readonly lookUps: NodeJS.Timeout;
  readonly queue: Queue;

  constructor(private readonly options: BullClientOptions) {
    super();
    this.redis = connect(options, { failFast: true });
    this.eventsRedis = connect(options);
    this.queue = new Queue(options.queue, {
      connection: this.redis,
      prefix: options.prefix,
      defaultJobOptions: { removeOnComplete: { age: 600 }, removeOnFail: { age: 3600 } },
    });
    this.queue.on('error', () => undefined);
    this.events = new QueueEvents(options.queue, {
      connection: this.eventsRedis,
      prefix: options.prefix,
    });
    this.events.on('completed', ({ jobId, returnvalue }) =>
      this.settle(jobId, { response: returnvalue as unknown, isDisposed: true }),
    );
    this.events.on('failed', ({ jobId, failedReason }) =>
      this.settle(jobId, { err: new Error(failedReason), isDisposed: true }),
    );
    this.events.on('error', () => undefined);
    this.ready = this.events.waitUntilReady();
    // Events can be missed while Redis reconnects, so late answers are looked up.
    this.lookUps = setInterval(() => void this.lookUp().catch(() => undefined), 250).unref();
  }

  async connect(): Promise<void> {
    await this.ready;
  }

  private async lookUp() {
    const now = Date.now();
    for (const [id, { since }] of this.pending) {
      if (now - since > this.options.timeoutMs) {
        const err = new NoAnswerError(`no answer on ${this.options.queue}`);
        this.settle(id, { err, isDisposed: true });
        continue;
      }
      if (now - since < 500) continue;
      const job = await this.queue.getJob(id);
      if (!job?.finishedOn) continue;
      this.settle(
        id,
        job.failedReason
          ? { err: new Error(job.failedReason), isDisposed: true }
          : { response: job.returnvalue as unknown, isDisposed: true },
      );
    }
  }

  private settle(id: string, packet: WritePacket) {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.settle(packet);
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void) {
    const jobId = randomUUID();
    // Stored before the job exists, or a quick answer would find nobody waiting.
    this.pending.set(jobId, { since: Date.now(), settle: callback });
    this.add(packet, { jobId }).catch((cause: unknown) => {
      this.settle(jobId, { err: new NoAnswerError('Redis is not there', cause), isDisposed: true });
    });
    return () => this.pending.delete(jobId);
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const job = await this.add(packet);
    return job.id as T;
  }

  private add({ pattern, data }: ReadPacket, options?: JobsOptions) {
    return this.queue.add(this.normalizePattern(pattern as string), data, options);
  }

  async close(): Promise<void> {
    clearInterval(this.lookUps);
    await within(CLOSE_MS, Promise.all([this.events.close(), this.queue.close()]));
    this.redis.disconnect();
    this.eventsRedis.disconnect();
  }

  unwrap<T>(): T {
    return this.queue as T;
  }
}
