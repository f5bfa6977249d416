import type {
  IdempotencyId,
  IdempotencyRepository,
  StoredProgress,
  TransactionStep,
} from '@cloudhero/persistence';
import type { Sealer } from '@cloudhero/secrets';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for a POST with an `Idempotency-Key`. */
    ticket?: IdempotencyTicket;
  }
}

/** One request's hold on its idempotency key. */
export class IdempotencyTicket {
  private stored = false;

  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly sealer: Sealer,
    private readonly id: IdempotencyId,
    /** What an earlier run of this request has made already; it must not be made again. */
    readonly progress?: StoredProgress,
  ) {}

  /** To run in the transaction that makes what `body` tells of: a crash leaves both or neither. */
  answerStep(status: number, body: unknown): TransactionStep {
    const step = this.keys.answerStep(this.id, { status, headers: {}, body: this.seal(body) });
    return async (tx) => {
      await step(tx);
      this.stored = true;
    };
  }

  /** To run in the transaction that makes something whose outcome takes time. */
  progressStep(progress: StoredProgress): TransactionStep {
    return this.keys.progressStep(this.id, progress);
  }

  /** Keeps the final answer. */
  async store(status: number, headers: Record<string, string>, body: unknown): Promise<void> {
    if (this.stored) return;
    await this.keys.store(this.id, { status, headers, body: this.seal(body) });
  }

  /** The request made nothing: its key is as if never used. Keeps what an earlier step stored. */
  async release(): Promise<void> {
    if (!this.progress && !this.stored) await this.keys.release(this.id);
  }

  private seal(body: unknown): string {
    return this.sealer.seal(body ?? null, sealContextOf(this.id));
  }
}

/** What a stored answer is sealed for. */
export function sealContextOf({ scope, key }: IdempotencyId): string {
  return `idempotency:${scope}:${key}`;
}

/** The request's ticket; undefined without an `Idempotency-Key`. */
export const Ticket = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>().ticket,
);
