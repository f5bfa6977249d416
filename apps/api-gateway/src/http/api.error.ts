/** One thing that is wrong with a request, as answers list it. */
export interface ErrorEntry {
  /** Stable; clients compare it. */
  code: string;
  message: string;
  /** Path of the field in the request, say `nodes[1].size`. */
  field?: string;
}

export interface ApiErrorOptions {
  headers?: Record<string, string>;
  /** More members of the answer's body, beside `errors`. */
  body?: Record<string, unknown>;
  /** The request did its work, and this is its outcome: a retry is given the same. */
  outcome?: boolean;
  cause?: unknown;
}

/** An answer that is an error. The filter prints it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly ErrorEntry[],
    readonly options: ApiErrorOptions = {},
  ) {
    super(errors.map((entry) => entry.message).join(' '), { cause: options.cause });
    this.name = 'ApiError';
  }
}

/** 404, for what is not there and for what is somebody else's alike. */
export function notFound(what: string): ApiError {
  return new ApiError(404, [{ code: 'not_found', message: `There is no such ${what}.` }]);
}

/** 409: well-formed, but not in this state. */
export function conflict(code: string, message: string, field?: string): ApiError {
  return new ApiError(409, [{ code, message, ...(field && { field }) }]);
}

/** 422: well-formed, but not valid; one entry a field. */
export function invalid(...errors: ErrorEntry[]): ApiError {
  return new ApiError(422, errors);
}

/** 503, with when to come back. */
export function unavailable(message: string, cause?: unknown): ApiError {
  const headers = { 'Retry-After': '2' };
  return new ApiError(503, [{ code: 'unavailable', message }], { headers, cause });
}
