import { Agent, type Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';

/** Where requests are forwarded to. `agent` must have been made with `allowHalfOpen: true`. */
export type ForwardTarget =
  | { protocol: 'http:'; host: string; port: number; agent: HttpAgent }
  | {
      protocol: 'https:';
      host: string;
      port: number;
      /** The name that the certificate must carry, where it is not `host`. */
      servername?: string;
      /** Carries the certificates. */
      agent: HttpsAgent;
    };

/**
 * A plain HTTP target with a pool of kept-alive connections. An idle one is closed after 30 s, before
 * the other side (see `tuneServer`) would close it under a request that has just been sent.
 * @param url `http://HOST:PORT`; a path in it is not used.
 */
export function httpTarget(url: string): ForwardTarget & { protocol: 'http:' } {
  const { hostname, port } = new URL(url);
  const agent = new Agent({
    keepAlive: true,
    // Not a timeout of requests: Agent only acts on it for connections that idle in the pool.
    timeout: 30_000,
    maxFreeSockets: 256,
    scheduling: 'lifo',
    // Passed on to net.connect, though Node's types do not say so.
    ...{ allowHalfOpen: true },
  });
  return {
    protocol: 'http:',
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 80 : Number(port),
    agent,
  };
}
