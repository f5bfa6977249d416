import { tuneServer } from '@cloudhero/forward';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { isSwarm, type swarmForwarder } from '../swarm/swarm-forward';

export interface ServerOptions {
  swarm: ReturnType<typeof swarmForwarder>;
  /** PEM; plain HTTP without. */
  tls?: { cert: Buffer; key: Buffer };
}

/** A request of the API's own has to arrive within this; uploads to clusters may take their time. */
const ARRIVAL_MS = 60_000;

/** Node's server under Fastify: what is for clusters never reaches Fastify. */
export function createGatewayServer(
  handler: RequestListener,
  { swarm, tls }: ServerOptions,
): { server: Server; endUpgrades: () => void } {
  const listener: RequestListener = (request, response) => {
    if (isSwarm(request)) return swarm.request(request, response);
    const late = setTimeout(() => {
      if (!request.complete) request.destroy();
    }, ARRIVAL_MS).unref();
    request.once('close', () => clearTimeout(late));
    handler(request, response);
  };
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  tuneServer(server);
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    if (!isSwarm(request)) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    swarm.upgrade(request, socket, head);
  });
  return { server, endUpgrades: () => upgraded.forEach((socket) => socket.destroy()) };
}
