import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@cloudhero/telemetry';
import { randomUUID } from 'node:crypto';
import { CallCounter } from '../knobs/call-counter';
import { Timers } from '../machines/timers';
import { LOGGER } from '../sandbox.tokens';
import { DoAccountsService } from './accounts.service';
import {
  DoError,
  forbidden,
  notFound,
  STATUS_OF_ID,
  unauthorized,
  unprocessable,
} from './do.error';
import { DO_PARTS } from './do.tokens';
import type { DoParts, OperationResult } from './operation';
import { RateLimitService } from './rate-limit.service';
import { type Route, routeOf } from './routes';

export interface DoRequest {
  method: string;
  /** With the query, as it was sent. */
  url: string;
  /** `http://HOST`, as the caller wrote it. */
  origin: string;
  authorization?: string;
  body: Buffer;
}

export interface DoReply {
  status: number;
  headers: Record<string, string | number>;
  body?: object;
  /** The work is done, but the caller shall not hear of it. */
  isLost: boolean;
}

const CLOUD = 'digital_ocean';
const RETRY_AFTER_S = 1;

/** One request to DigitalOcean's API, from who asks to what is answered. */
@Injectable()
export class DoService {
  constructor(
    @Inject(DO_PARTS) private readonly parts: DoParts,
    private readonly accounts: DoAccountsService,
    private readonly limits: RateLimitService,
    private readonly calls: CallCounter,
    private readonly timers: Timers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async answer(request: DoRequest): Promise<DoReply> {
    const requestId = randomUUID();
    const [path = '', query = ''] = request.url.split('?');
    const route = routeOf(request.method, path.replace(/^\/v2\//, ''));
    this.calls.note(CLOUD, route?.action ?? 'unknown');
    let account: string | undefined;
    try {
      account = this.identify(request.authorization);
      const latency = this.parts.knobs.latencyMs(CLOUD, account);
      if (latency > 0) await this.timers.sleep(latency);
      if (!route) throw notFound();
      const url = request.origin + path;
      const result = this.run(route, account, new URLSearchParams(query), url, request.body);
      // Whatever we say has happened survives a kill from here on.
      this.parts.store.flush();
      const isLost = this.parts.knobs.losesReply({ cloud: CLOUD, account, action: route.action });
      return { ...result, headers: this.headers(account, requestId), isLost };
    } catch (error) {
      const failure = this.asDoError(error, requestId);
      const headers = this.headers(account, requestId);
      if (failure.retryAfter !== undefined) headers['retry-after'] = failure.retryAfter;
      const body = { id: failure.id, message: failure.message, request_id: requestId };
      return { status: failure.status, headers, body, isLost: false };
    }
  }

  private run(
    { action, run, path, method }: Route,
    account: string,
    query: URLSearchParams,
    url: string,
    bytes: Buffer,
  ): OperationResult {
    const now = Date.now();
    this.limits.take(account, action, now);
    this.inject(account, action);
    const body = method === 'GET' ? undefined : parse(bytes);
    return run({ ...this.parts, account, now, path, query, body, url });
  }

  private identify(authorization = ''): string {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const record = token === undefined ? undefined : this.accounts.find(token);
    if (!record || record.status === 'revoked') throw unauthorized();
    if (record.status === 'forbidden') throw forbidden();
    return record.account;
  }

  private inject(account: string, action: string): void {
    const knob = this.parts.knobs.nextError({ cloud: CLOUD, account, action }, false);
    if (!knob) return;
    const status = knob.status ?? STATUS_OF_ID[knob.code] ?? 500;
    const message = knob.message ?? `${knob.code}: injected by a knob`;
    throw new DoError(status, knob.code, message, status === 429 ? RETRY_AFTER_S : undefined);
  }

  private headers(account: string | undefined, requestId: string): DoReply['headers'] {
    return { ...this.limits.headers(account, Date.now()), 'x-request-id': requestId };
  }

  private asDoError(error: unknown, requestId: string): DoError {
    if (error instanceof DoError) return error;
    this.logger.error({ err: error, requestId }, 'an operation failed');
    return new DoError(500, 'server_error', 'Unexpected server-side error');
  }
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw unprocessable('The body is not JSON');
  }
}
