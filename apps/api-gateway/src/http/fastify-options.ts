import type { FastifyReply, FastifyServerOptions } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { createGatewayServer, type ServerOptions } from './gateway-server';
import { errorBody } from './error-body';
import { REQUEST_ID_HEADER, requestIdOf } from './request-log';
import { toApiError } from './to-api-error';

const BODY_LIMIT = 1024 * 1024;

/** Fastify's options; `endUpgrades` cuts the streams that would outlast a closing server. */
export function fastifyOptions(server: ServerOptions) {
  const ends: (() => void)[] = [];
  const options = {
    bodyLimit: BODY_LIMIT,
    // Ours to judge: an id of any length that is none is a 404.
    routerOptions: { maxParamLength: 16_384 },
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    serverFactory: (handler) => {
      const made = createGatewayServer(handler, server);
      ends.push(made.endUpgrades);
      return made.server;
    },
    // What cannot be routed at all: bad percent-encoding.
    frameworkErrors: (error, request, reply: FastifyReply) => {
      const answer = toApiError(error);
      void reply
        .status(answer.status)
        .header(REQUEST_ID_HEADER, request.id)
        .send(errorBody(answer, request.id));
    },
    // What is not HTTP, or too large for it; there is no request to answer then.
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
      const status = CLIENT_ERRORS[error.code ?? ''] ?? 400;
      const body = JSON.stringify(errorBody(toApiError(new StatusError(status)), 'none'));
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  } satisfies FastifyServerOptions;
  return { options, endUpgrades: () => ends.forEach((end) => end()) };
}

const CLIENT_ERRORS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

class StatusError extends Error {
  constructor(readonly statusCode: number) {
    super(String(statusCode));
  }
}
