import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/**
 * A request's body, parsed and checked. It must be declared as JSON, which a web page of another
 * origin cannot do unasked.
 * @throws 400 naming what is wrong, 415
 */
export function jsonBody<T extends z.ZodType>(request: FastifyRequest, schema: T): z.infer<T> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new UnsupportedMediaTypeException('Content-Type must be application/json');
  const parsed = schema.safeParse(parse(request.body));
  if (!parsed.success)
    throw new BadRequestException(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`),
    );
  return parsed.data;
}

function parse(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BadRequestException('The body is not JSON');
  }
}
