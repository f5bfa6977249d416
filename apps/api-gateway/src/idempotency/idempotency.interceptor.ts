import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ApiError, invalid } from '../http/api.error';
import { errorBody } from '../http/error-body';
import { IdempotencyClaims } from './idempotency-claims.service';
import type { IdempotencyTicket } from './idempotency-ticket';

const REPLAYED = 'Idempotent-Replayed';

/**
 * `Idempotency-Key` on every POST. Kept are answers to requests that did something; one that was
 * refused did nothing, and may be sent again under the same key once it is mended.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly claims: IdempotencyClaims) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.run(checkedKey(key), request, reply, next));
  }

  private async run(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler) {
    const scope = request.caller?.organisationId ?? 'anonymous';
    const claimed = await this.claims.claim({ scope, key }, requestHash(request));
    if (!('ticket' in claimed)) {
      reply.status(claimed.status).headers(claimed.headers).header(REPLAYED, 'true');
      return claimed.body;
    }
    const { ticket } = claimed;
    request.ticket = ticket;
    if (ticket.progress) reply.header(REPLAYED, 'true');
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      // An answer that says "not yet" is not the outcome: a retry looks again.
      if (reply.statusCode !== 202) await ticket.store(reply.statusCode, headersOf(reply), body);
      return body;
    } catch (error) {
      await this.fail(ticket, error, request);
      throw error;
    }
  }

  private async fail(ticket: IdempotencyTicket, error: unknown, request: FastifyRequest) {
    if (error instanceof ApiError && error.options.outcome) {
      await ticket.store(error.status, {}, errorBody(error, request.id));
      return;
    }
    // Whatever is left is taken over by a later request once it counts as abandoned.
    await ticket.release().catch(() => undefined);
  }
}

function checkedKey(key: string | string[]): string {
  if (typeof key === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(key)) return key;
  throw invalid({
    code: 'invalid_idempotency_key',
    message: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
    field: 'Idempotency-Key',
  });
}

function requestHash(request: FastifyRequest): string {
  const parts = [request.method, request.url, request.bodyHash ?? ''];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const location = reply.getHeader('location');
  return typeof location === 'string' ? { Location: location } : {};
}
