import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { lastValueFrom } from 'rxjs';
import { connect, takesWrites, type QueueOptions } from './connection';
import { within } from './within';

/** How long running jobs may go on after the process was asked to end. */
const DRAIN_MS = 18_000;
/** How long their results may take to be written down after that. */
const CLOSE_MS = 3000;

export class JobContext extends BaseRpcContext<[Job]> {
  get job(): Job {
    return this.args[0];
  }
}

export interface BullServerOptions extends QueueOptions {
  /** Queue name to how many of its jobs run at once in this process. */
  queues: Record<string, number>;
  onError: (error: Error) => void;
}

/** BullMQ renews locks, and keeps the process, for as long as its own `close` waits for Redis. */
class LosableWorker extends Worker {
  stopRenewing(): Promise<void> {
    return this.lockManager.close();
  }
}

/** Nest's transport over BullMQ: a handler's pattern is the job's name. */
export class BullServer extends Server implements CustomTransportStrategy {
  private readonly workers: LosableWorker[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private redis?: Redis;

  constructor(private readonly options: BullServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void) {
    const redis = connect(this.options);
    this.redis = redis;
    for (const [queue, concurrency] of Object.entries(this.options.queues)) {
      const worker = new LosableWorker(queue, (job) => this.run(job), {
        connection: redis,
        prefix: this.options.prefix,
        concurrency,
        // A killed worker's job is taken over within seconds, however often that happens: jobs are
        // wake-ups, and running one again is harmless.
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 1000,
        // How long a worker rests after Redis went away; BullMQ's own is 15 s.
        runRetryDelay: 1000,
      });
      worker.on('error', this.options.onError);
      this.workers.push(worker);
    }
    Promise.all(this.workers.map((worker) => worker.waitUntilReady())).then(
      () => callback(),
      callback,
    );
  }

  private run(job: Job): Promise<unknown> {
    const run = this.handle(job);
    const tracked = run.catch(() => undefined).finally(() => this.running.delete(tracked));
    this.running.add(tracked);
    return run;
  }

  private async handle(job: Job): Promise<unknown> {
    const handler = this.getHandlerByPattern(job.name);
    if (!handler) throw new Error(`no handler for "${job.name}"`);
    const result = this.transformToObservable(await handler(job.data, new JobContext([job])));
    return lastValueFrom(result, { defaultValue: undefined });
  }

  /** Whether Redis takes writes and every worker is running, for readiness. */
  async isReady(): Promise<boolean> {
    if (!this.redis || !this.workers.every((worker) => worker.isRunning())) return false;
    return takesWrites(this.redis, this.options);
  }

  /**
   * Takes no more jobs, and lets those that run finish, up to a bound. One that is cut off, or whose
   * end cannot be written down, is run again by another worker as soon as its lock has run out.
   */
  async close(): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    await within(DRAIN_MS, Promise.all(this.running));
    // BullMQ would wait for a Redis that is away.
    await within(CLOSE_MS, closed);
    await Promise.all(this.workers.map((worker) => worker.stopRenewing()));
    this.redis?.disconnect();
  }

  on(): never {
    throw new Error('not supported');
  }

  unwrap<T>(): T {
    return this.workers as T;
  }
}
