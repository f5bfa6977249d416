import { firstValueFrom } from 'rxjs';
import { BullClient, NoAnswerError } from './bull-client';
import type { QueueOptions } from './connection';
import { CLOUD_QUEUE, type CloudQuestion, type CloudQuestions } from './contracts';

/** Asks provisioner about clouds. */
export class CloudClient {
  private readonly client: BullClient;

  constructor(options: QueueOptions & { timeoutMs: number }) {
    this.client = new BullClient({ ...options, queue: CLOUD_QUEUE });
  }

  /** Never throws for a cloud's refusal (that is an answer); `cloud_unavailable` when nobody answers. */
  async ask<Q extends CloudQuestion>(
    question: Q,
    data: CloudQuestions[Q]['ask'],
  ): Promise<CloudQuestions[Q]['answer']> {
    try {
      return await firstValueFrom(this.client.send<CloudQuestions[Q]['answer']>(question, data));
    } catch (error) {
      const message =
        error instanceof NoAnswerError
          ? 'No provisioner answered in time. Try again in a moment.'
          : 'The provisioner failed to answer. Try again in a moment.';
      return { ok: false, code: 'cloud_unavailable', message, temporary: true };
    }
  }

  /** The BullMQ queue, for Bull Board. */
  get queue() {
    return this.client.queue;
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
