import type { KeyOwner } from '@cloudhero/persistence';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who asks, and by which request. */
export interface Caller extends KeyOwner {
  requestId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `KeyGuard`; undefined on public routes. */
    caller?: Caller;
  }
}

/** The caller of a route that needs a key. */
export const CallerParam = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('a public route has no caller');
  return caller;
});
