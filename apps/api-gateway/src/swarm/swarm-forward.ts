import { answerUpgrade, forwardRequest, forwardUpgrade, httpTarget } from '@cloudhero/forward';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { REQUEST_ID_HEADER, requestIdOf } from '../http/request-log';

/** Whether a request belongs to swarm-proxy, which checks its key and its path. */
export function isSwarm(request: IncomingMessage): boolean {
  return request.url?.startsWith('/swarm/') ?? false;
}

/** Hands `/swarm/*` to swarm-proxy, byte for byte. */
export function swarmForwarder(url: string) {
  const target = httpTarget(url);
  const options = (request: IncomingMessage) => {
    request.headers[REQUEST_ID_HEADER] = requestIdOf(request);
    return { path: request.url ?? '/' };
  };
  return {
    request(request: IncomingMessage, response: ServerResponse) {
      forwardRequest(request, response, target, {
        ...options(request),
        onError: () => {
          const text = JSON.stringify(awayBody(request));
          response.writeHead(503, { ...AWAY_HEADERS, 'content-type': 'application/json' });
          response.end(request.method === 'HEAD' ? undefined : text);
        },
      });
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      forwardUpgrade(request, socket, head, target, {
        ...options(request),
        onError: () => answerUpgrade(socket, 503, awayBody(request), AWAY_HEADERS),
      });
    },
    close: () => target.agent.destroy(),
  };
}

const AWAY_HEADERS = { 'retry-after': '2' };

/** Both as the Docker CLI reads it (`message`) and as ours is. */
function awayBody(request: IncomingMessage) {
  const message = 'The cluster’s proxy does not answer. Try again in a moment.';
  const request_id = request.headers[REQUEST_ID_HEADER];
  return { message, errors: [{ code: 'unavailable', message }], request_id };
}
