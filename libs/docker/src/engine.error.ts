/** The engine refused a request; `message` is its own, `status` the HTTP status (404, 409, 500 …). */
export class EngineError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}

/** The engine gave no answer at all: no connection, no TLS, or no byte in time. */
export class EngineUnreachableError extends Error {
  constructor(
    readonly address: string,
    cause: unknown,
  ) {
    super(`no answer from the engine at ${address}: ${messageOf(cause)}`, { cause });
    this.name = 'EngineUnreachableError';
  }
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
