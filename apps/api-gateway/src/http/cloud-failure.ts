import type { CloudAnswer } from '@cloudhero/queue';
import { ApiError, type ApiErrorOptions } from './api.error';

/** What the customer can mend: the request, the account, or what it may do. */
const CUSTOMERS = new Set([
  'credentials_refused',
  'permission_denied',
  'quota_exceeded',
  'invalid_request',
  'image_not_found',
  'package_failed',
]);
/** Nobody could be reached; the same request may do in a moment. */
const UNAVAILABLE = new Set(['cloud_unavailable', 'throttled', 'capacity_unavailable']);
const TIMEOUTS = new Set(['boot_timeout', 'ssh_unreachable', 'node_unreachable']);

/** The status of a failure with one of the domain's codes, when it is the outcome of a request. */
export function failureStatus(code: string): 422 | 502 | 503 | 504 {
  if (CUSTOMERS.has(code)) return 422;
  if (UNAVAILABLE.has(code)) return 503;
  return TIMEOUTS.has(code) ? 504 : 502;
}

type Refusal = Extract<CloudAnswer<unknown>, { ok: false }>;

/** A cloud's refusal of what this request asked for. `fields` says which field a code concerns. */
export function cloudFailure(
  { code, message }: Refusal,
  fields: Record<string, string> = {},
): ApiError {
  const field = fields[code];
  return new ApiError(failureStatus(code), [{ code, message, ...(field && { field }) }], {
    ...retry(failureStatus(code)),
  });
}

/** A cloud's refusal to tell: nothing is wrong with the request, so never a 4xx. */
export function cloudReadFailure({ code, message }: Refusal): ApiError {
  const status = failureStatus(code) === 422 ? 502 : failureStatus(code);
  return new ApiError(status, [{ code, message }], retry(status));
}

function retry(status: number): ApiErrorOptions {
  return status === 503 ? { headers: { 'Retry-After': '5' } } : {};
}
