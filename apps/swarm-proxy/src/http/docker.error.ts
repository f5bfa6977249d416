/** An answer as Docker gives it when something is wrong: a status and a message. */
export class DockerError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Our stable code, for `errors` beside `message`. */
    readonly code: string,
  ) {
    super(message);
    this.name = 'DockerError';
  }
}

/**
 * The body of an error: `message` for Docker's clients, `errors` and `request_id` as the rest of the
 * API has them.
 */
export function errorBody({ message, code }: DockerError, requestId: string) {
  return { message, errors: [{ code, message }], request_id: requestId };
}

export const notFound = (message: string) => new DockerError(404, message, 'not_found');
export const conflict = (message: string) => new DockerError(409, message, 'conflict');
export const badRequest = (message: string) => new DockerError(400, message, 'invalid_request');
export const forbidden = (message: string) => new DockerError(403, message, 'forbidden');
export const unavailable = (message: string) => new DockerError(503, message, 'node_unreachable');

/** Any thrown thing as an answer. */
export function asDockerError(error: unknown): DockerError {
  if (error instanceof DockerError) return error;
  return new DockerError(500, 'an error on our side; it has been logged', 'internal');
}
