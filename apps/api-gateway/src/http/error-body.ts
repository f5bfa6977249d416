import type { ApiError } from './api.error';

/** An error as answers print it. */
export function errorBody(error: ApiError, requestId: string) {
  return { errors: error.errors, request_id: requestId, ...error.options.body };
}
