/** An error in DigitalOcean's one shape, `{id, message, request_id}`, with its HTTP status. */
export class DoError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    /** Seconds, for a `retry-after` header. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = 'DoError';
  }
}

/** Statuses of the ids that a knob may name, DigitalOcean's own and EC2's for knobs of both clouds. */
export const STATUS_OF_ID: Record<string, number> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable_entity: 422,
  too_many_requests: 429,
  server_error: 500,
  service_unavailable: 503,
  RequestLimitExceeded: 429,
  ServiceUnavailable: 503,
  Unavailable: 503,
};

export const unauthorized = () => new DoError(401, 'unauthorized', 'Unable to authenticate you');

export const forbidden = () =>
  new DoError(403, 'forbidden', 'You are not authorized to perform this operation');

export const notFound = () =>
  new DoError(404, 'not_found', 'The resource you were accessing could not be found.');

export const unprocessable = (message: string) => new DoError(422, 'unprocessable_entity', message);

export const tooManyRequests = (retryAfter: number) =>
  new DoError(429, 'too_many_requests', 'API Rate limit exceeded.', retryAfter);
