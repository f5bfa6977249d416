import type { Server } from 'node:http';

/**
 * Settings of a server whose requests are forwarded: a body may take as long as it likes (Node's
 * default gives an upload five minutes), only the head must come soon; idle connections stay open
 * longer than `httpTarget` keeps them.
 */
export function tuneServer(server: Server): void {
  server.requestTimeout = 0;
  server.headersTimeout = 60_000;
  server.keepAliveTimeout = 75_000;
}
