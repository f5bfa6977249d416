import { IdempotencyRepository, type IdempotencyId } from '@cloudhero/persistence';
import { Sealer } from '@cloudhero/secrets';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { conflict, invalid } from '../http/api.error';
import { IdempotencyTicket, sealContextOf } from './idempotency-ticket';

const HOUR_MS = 3_600_000;
const LIMITS = { forgetMs: 24 * HOUR_MS, abandonMs: 120_000 };
const POLL_MS = 200;
/** How long a retry waits for the first request's answer. */
const WAIT_MS = 30_000;

/** What a request with an idempotency key is to do: go on with a ticket, or repeat an answer. */
export type Claimed =
  | { ticket: IdempotencyTicket }
  | { status: number; headers: Record<string, string>; body: unknown };

@Injectable()
export class IdempotencyClaims implements OnModuleDestroy {
  private readonly cleaning: NodeJS.Timeout;

  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly sealer: Sealer,
  ) {
    const clean = () => this.keys.forgetOld(new Date(Date.now() - LIMITS.forgetMs));
    this.cleaning = setInterval(() => void clean().catch(() => undefined), HOUR_MS).unref();
  }

  onModuleDestroy() {
    clearInterval(this.cleaning);
  }

  /** Takes the key, or waits for the request that has it. @throws ApiError 409, 422 */
  async claim(id: IdempotencyId, requestHash: string): Promise<Claimed> {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const claim = await this.keys.claim(id, requestHash, LIMITS);
      switch (claim.kind) {
        case 'first':
          return { ticket: new IdempotencyTicket(this.keys, this.sealer, id) };
        case 'resume':
          return { ticket: new IdempotencyTicket(this.keys, this.sealer, id, claim.progress) };
        case 'answered': {
          const { status, headers, body } = claim.answer;
          return { status, headers, body: this.sealer.open(body, sealContextOf(id)) };
        }
        case 'other_request':
          throw invalid({
            code: 'idempotency_key_reused',
            message: 'This Idempotency-Key was used for another request.',
            field: 'Idempotency-Key',
          });
        case 'running':
          if (Date.now() > until) {
            const message = 'The first request with this Idempotency-Key is still under way.';
            throw conflict('request_in_progress', message, 'Idempotency-Key');
          }
          await sleep(POLL_MS);
      }
    }
  }
}
