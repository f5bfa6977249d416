import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 of the body's bytes; undefined without a body. */
    bodyHash?: string;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

class MalformedBodyError extends Error {
  readonly statusCode = 400;
}

/**
 * Takes JSON and nothing else (415). An empty body is no body whatever its Content-Type says: the
 * reference's GET and DELETE calls name one and send nothing.
 */
export function acceptJsonOnly(fastify: FastifyInstance) {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (body.length === 0) return done(null, undefined);
      request.bodyHash = createHash('sha256').update(body).digest('hex');
      try {
        void parse(request, utf8.decode(body), done);
      } catch (error) {
        done(new MalformedBodyError('not UTF-8', { cause: error }));
      }
    },
  );
}
