import type { Logger } from '@cloudhero/telemetry';
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER } from '../tokens';
import { ApiError } from './api.error';
import { errorBody } from './error-body';
import { RouteTable } from './route-table';
import { toApiError } from './to-api-error';

/** The one place that prints errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = this.otherMethod(request) ?? toApiError(thrown);
    if (error.status >= 500 && error.status !== 503) {
      this.logger.error({ requestId: request.id, error: error.options.cause ?? error }, 'failed');
    }
    // An event stream has begun to answer by itself.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply
      .status(error.status)
      .headers(error.options.headers ?? {})
      .type('application/json; charset=utf-8')
      .send(errorBody(error, request.id));
  }

  /** 405 where the path is known, but not with this method. */
  private otherMethod(request: FastifyRequest): ApiError | null {
    if (!request.is404) return null;
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0) return null;
    const message = `This path answers ${allowed.join(', ')} only.`;
    return new ApiError(405, [{ code: 'method_not_allowed', message }], {
      headers: { Allow: allowed.join(', ') },
    });
  }
}
