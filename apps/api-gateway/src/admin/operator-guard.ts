import type { ApiGatewayConfig } from '@cloudhero/config';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api.error';
import { errorBody } from '../http/error-body';
import type { RateLimiter, Rate } from '../http/rate-limiter';
import { toApiError } from '../http/to-api-error';

export const ADMIN_PATH = '/admin';
const WRONG_LOGINS: Rate = { burst: 20, perMinute: 10 };

/**
 * Asks for the operator's login on everything at `/admin`, whatever route it turns out to be and
 * however the path is spelled. A hook, because the board's routes are a plugin's and not Nest's:
 * Nest's guards and middleware do not cover them.
 */
export function guardAdmin(
  fastify: FastifyInstance,
  config: ApiGatewayConfig,
  limiter: RateLimiter,
) {
  const login = `${config.CLOUDHERO_OPERATOR_USER}:${config.CLOUDHERO_OPERATOR_PASSWORD}`;
  const wanted = digest(`Basic ${Buffer.from(login).toString('base64')}`);
  fastify.addHook('onRequest', async (request, reply) => {
    if (!isAdmin(request)) return;
    const refusal = refuse(request);
    if (!refusal) return;
    // Answered here: the board's own error handler would make a 500 of a thrown error.
    await reply
      .status(refusal.status)
      .headers(refusal.options.headers ?? {})
      .send(errorBody(refusal, request.id));
  });

  function refuse(request: FastifyRequest): ApiError | null {
    const wrong = `operator:${request.ip}`;
    try {
      limiter.check(wrong, WRONG_LOGINS);
      if (timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)) return null;
      // Only a login that was tried counts; a browser's first request has none.
      if (request.headers.authorization !== undefined) limiter.take(wrong, WRONG_LOGINS);
    } catch (error) {
      return toApiError(error);
    }
    const entry = { code: 'unauthorized', message: 'The operator’s login is needed.' };
    return new ApiError(401, [entry], {
      headers: { 'WWW-Authenticate': 'Basic realm="cloudhero operator", charset="UTF-8"' },
    });
  }
}

function isAdmin(request: FastifyRequest): boolean {
  if (request.routeOptions.url?.startsWith(ADMIN_PATH)) return true;
  // Paths that no route matched: told apart only for those who may know.
  return normalised(request.url).startsWith(ADMIN_PATH);
}

function normalised(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Malformed: no route matches it either.
  }
  return decoded.replace(/[/\\]+/g, '/').toLowerCase();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
