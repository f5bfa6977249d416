import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api.error';

/** Since when the reference's GET forms have a successor (RFC 9745): 23 November 2026. */
const DEPRECATED_SINCE = '@1795392000';

/** Marks the answer to a GET that changes something, as the reference has it, with its successor. */
export function markReferenceForm(request: FastifyRequest, reply: FastifyReply, successor: string) {
  // Fastify answers HEAD by running the GET, and a HEAD must never stop a server.
  if (request.method !== 'GET') {
    const message = 'This path changes something: ask with GET or by its successor.';
    throw new ApiError(405, [{ code: 'method_not_allowed', message }], {
      headers: { Allow: 'GET, POST' },
    });
  }
  reply.headers({ Deprecation: DEPRECATED_SINCE, Link: `<${successor}>; rel="successor-version"` });
}
