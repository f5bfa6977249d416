import type { Logger } from '@cloudhero/telemetry';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export const REQUEST_ID_HEADER = 'x-request-id';

/** The caller's own request id where it has a sane form, or a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}

/** Puts the request id into every answer, and writes a line for each. */
export function logRequests(fastify: FastifyInstance, logger: Logger) {
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0]?.slice(0, 200);
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        organisationId: request.caller?.organisationId,
        keyId: request.caller?.keyId,
      },
      'answered',
    );
  });
}
