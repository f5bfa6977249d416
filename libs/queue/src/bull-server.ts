import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { lastValueFrom } from 'rxjs';
import { connect, type QueueOptions } from './connection';

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

/** Nest's transport over BullMQ: a handler's pattern is the job's name. */
export class BullServer extends Server implements CustomTransportStrategy {
  private readonly workers: Worker[] = [];
  private redis?: Redis;

  constructor(private readonly options: BullServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void) {
    const redis = connect(this.options);
    this.redis = redis;
    for (const [queue, concurrency] of Object.entries(this.options.queues)) {
      const worker = new Worker(queue, (job) => this.handle(job), {
        connection: redis,
        prefix: this.options.prefix,
        concurrency,
        // A killed worker's job is taken over within seconds, however often that happens: jobs are
        // wake-ups, and running one again is harmless.
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 1000,
      });
      worker.on('error', this.options.onError);
      this.workers.push(worker);
    }
    Promise.all(this.workers.map((worker) => worker.waitUntilReady())).then(
      () => callback(),
      callback,
    );
  }

  private async handle(job: Job): Promise<unknown> {
    const handler = this.getHandlerByPattern(job.name);
    if (!handler) throw new Error(`no handler for "${job.name}"`);
    const result = this.transformToObservable(await handler(job.data, new JobContext([job])));
    return lastValueFrom(result, { defaultValue: undefined });
  }

  /** Whether Redis answers and every worker is running, for readiness. */
  async isReady(): Promise<boolean> {
    if (!this.redis || this.redis.status !== 'ready') return false;
    return this.workers.every((worker) => worker.isRunning());
  }

  /** Lets running jobs finish, up to a bound; what is cut off then is woken again by a sweeper. */
  async close(): Promise<void> {
    const drained = Promise.all(this.workers.map((worker) => worker.close()));
    const bound = new Promise((resolve) => setTimeout(resolve, 20_000).unref());
    await Promise.race([drained, bound]);
    this.redis?.disconnect();
  }

  on(): never {
    throw new Error('not supported');
  }

  unwrap<T>(): T {
    return this.workers as T;
  }
}
