import { isDatabaseUnavailable } from '@cloudhero/persistence';
import { HttpException } from '@nestjs/common';
import { ApiError, unavailable } from './api.error';

/** Codes and texts for what Fastify and Nest refuse before a route of ours is reached. */
const REFUSALS: Record<number, { code: string; message: string }> = {
  400: { code: 'malformed', message: 'The request is malformed.' },
  401: { code: 'unauthorized', message: 'A valid API key is needed.' },
  403: { code: 'forbidden', message: 'The API key does not allow this.' },
  404: { code: 'not_found', message: 'There is no such path.' },
  408: { code: 'timeout', message: 'The request took too long to arrive.' },
  413: { code: 'too_large', message: 'The request body is too large: 1 MiB at most.' },
  414: { code: 'too_large', message: 'The address is too long.' },
  415: {
    code: 'unsupported_media_type',
    message: 'The request body must be JSON, with Content-Type: application/json.',
  },
  431: { code: 'too_large', message: 'The request headers are too large.' },
};

/** Any thrown thing as an answer. What nobody foresaw is a 500 that tells nothing of the inside. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isDatabaseUnavailable(error)) {
    return unavailable('The service cannot reach its database. Try again in a moment.', error);
  }
  const status = statusOf(error);
  const refusal = REFUSALS[status];
  if (refusal) return new ApiError(status, [refusal], { cause: error });
  if (status >= 400 && status < 500) {
    return new ApiError(status, [{ code: 'refused', message: 'The request is refused.' }]);
  }
  const message = 'Something went wrong on our side. The request_id names it.';
  return new ApiError(500, [{ code: 'internal', message }], { cause: error });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
