import { ENGINE_PORT } from '@cloudhero/domain';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EngineError, EngineUnreachableError } from './engine.error';
import type {
  EngineInfo,
  EngineVersion,
  SwarmInitOptions,
  SwarmInspect,
  SwarmJoinOptions,
  SwarmNode,
  SwarmNodeSpec,
} from './engine-types';

export interface EngineOptions {
  /** Address to connect to. */
  host: string;
  /** Default `ENGINE_PORT`. */
  port?: number;
  /** The name that the engine's certificate must carry: the node's id, whatever its address is now. */
  serverName: string;
  /** PEM, as are the two below: the environment's CA, and a client certificate issued by it. */
  ca: string;
  certificate: string;
  privateKey: string;
  /** Time for `json` and the named calls, until the answer has been read. Default 30 000. */
  timeoutMs?: number;
  /** Most idle connections that are kept. Default 16. */
  maxFreeSockets?: number;
}

export interface EngineRequest {
  headers?: OutgoingHttpHeaders;
  body?: Readable | Buffer | string;
  /** Time until the head of the answer is here; a stream may then last as long as it likes. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What a raw connection to the engine needs; fits `https.request` and `tls.connect`. */
export interface EngineConnectOptions {
  host: string;
  port: number;
  servername: string;
  ca: string;
  cert: string;
  key: string;
  /** `docker run -i` closes its half of the connection long before the answer ends. */
  allowHalfOpen: true;
  minVersion: 'TLSv1.2';
}

/**
 * One Docker engine over mutual TLS. Connections are kept open between calls. Nothing is buffered
 * by `request`; `json` and the named calls read small answers whole.
 */
export class EngineClient {
  /** For forwarding raw requests over the same pool of connections. */
  readonly agent: Agent;
  readonly connectOptions: EngineConnectOptions;
  /** `HOST:PORT` */
  readonly address: string;
  /** Where raw requests are forwarded to, over `agent`. */
  readonly target: {
    readonly protocol: 'https:';
    readonly host: string;
    readonly port: number;
    readonly servername: string;
    readonly agent: Agent;
  };
  private readonly timeoutMs: number;

  constructor(options: EngineOptions) {
    const { host, port = ENGINE_PORT, serverName, ca, certificate, privateKey } = options;
    this.address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.connectOptions = {
      host,
      port,
      servername: serverName,
      ca,
      cert: certificate,
      key: privateKey,
      allowHalfOpen: true,
      minVersion: 'TLSv1.2',
    };
    this.agent = new Agent({
      ...this.connectOptions,
      keepAlive: true,
      maxFreeSockets: options.maxFreeSockets ?? 16,
      scheduling: 'lifo',
    });
    this.target = { protocol: 'https:', host, port, servername: serverName, agent: this.agent };
  }

  /**
   * Sends a request and resolves with the head of the answer, whatever its status; the body is the
   * caller's to read or to destroy. @throws EngineUnreachableError when there was no answer.
   */
  request(method: string, path: string, options: EngineRequest = {}): Promise<IncomingMessage> {
    const { headers, body, timeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        ...this.target,
        method,
        path,
        headers: { host: 'docker', ...headers },
        ...(signal && { signal }),
      });
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
      request.once('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(new EngineUnreachableError(this.address, error));
      });
      if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
        request.end(body);
      } else {
        body.once('error', (error) => request.destroy(error));
        body.pipe(request);
      }
    });
  }

  /**
   * Sends JSON (or nothing) and reads the answer as JSON; undefined when it is empty.
   * @throws EngineError with the engine's status and message when it refuses,
   * EngineUnreachableError when there was no answer in time.
   */
  async json<T>(
    method: string,
    path: string,
    body?: unknown,
    options: Pick<EngineRequest, 'headers' | 'timeoutMs' | 'signal'> = {},
  ): Promise<T> {
    const timeoutMs = options.timeoutMs ?? this.timeoutMs;
    const deadline = AbortSignal.timeout(timeoutMs);
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const response = await this.request(method, path, {
      headers: {
        ...options.headers,
        ...(sent && { 'content-type': 'application/json', 'content-length': sent.length }),
      },
      ...(sent && { body: sent }),
      timeoutMs,
      signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
    });
    const answer = await text(response).catch((error: unknown) => {
      throw new EngineUnreachableError(this.address, error);
    });
    const status = response.statusCode ?? 0;
    if (status >= 400) throw new EngineError(status, messageIn(answer) || `status ${status}`);
    return (answer === '' ? undefined : parse(answer)) as T;
  }

  /** Whether the engine answers at all, in time. */
  async ping(timeoutMs = 3000): Promise<boolean> {
    return this.json('GET', '/_ping', undefined, { timeoutMs }).then(
      () => true,
      () => false,
    );
  }

  info(timeoutMs?: number): Promise<EngineInfo> {
    return this.json('GET', '/info', undefined, timeoutMs === undefined ? {} : { timeoutMs });
  }

  version(timeoutMs?: number): Promise<EngineVersion> {
    return this.json('GET', '/version', undefined, timeoutMs === undefined ? {} : { timeoutMs });
  }

  /** The cluster with its join tokens. @throws EngineError 503 when this node is not a manager. */
  swarmInspect(): Promise<SwarmInspect> {
    return this.json('GET', '/swarm');
  }

  /** Forms a cluster. @returns the node's id in it. @throws EngineError 503 when it is in one. */
  swarmInit(options: SwarmInitOptions): Promise<string> {
    return this.json('POST', '/swarm/init', {
      AdvertiseAddr: options.advertiseAddr,
      ListenAddr: options.listenAddr ?? '0.0.0.0:2377',
      DataPathAddr: options.dataPathAddr,
      ForceNewCluster: options.forceNewCluster ?? false,
      DefaultAddrPool: options.defaultAddrPool,
      SubnetSize: options.subnetSize,
      Spec: {},
    });
  }

  /** Joins a cluster. @throws EngineError 503 when it is in one already. */
  async swarmJoin(options: SwarmJoinOptions): Promise<void> {
    await this.json('POST', '/swarm/join', {
      AdvertiseAddr: options.advertiseAddr,
      ListenAddr: options.listenAddr ?? '0.0.0.0:2377',
      DataPathAddr: options.dataPathAddr,
      RemoteAddrs: options.remoteAddrs,
      JoinToken: options.joinToken,
    });
  }

  /** Leaves the cluster; a manager only with `force`. */
  async swarmLeave(force = false): Promise<void> {
    await this.json('POST', `/swarm/leave?force=${force}`);
  }

  /** The cluster's nodes, asked of a manager. */
  nodes(): Promise<SwarmNode[]> {
    return this.json('GET', '/nodes');
  }

  node(id: string): Promise<SwarmNode> {
    return this.json('GET', `/nodes/${encodeURIComponent(id)}`);
  }

  /** Takes a node off the cluster's list; one that is up only with `force`. */
  async removeNode(id: string, force = false): Promise<void> {
    await this.json('DELETE', `/nodes/${encodeURIComponent(id)}?force=${force}`);
  }

  /**
   * Changes a node's role or availability, asked of a manager; what is not named stays as it is.
   * @throws EngineError 500 when somebody changed it at the same moment: try again.
   */
  async updateNode(id: string, change: Partial<SwarmNodeSpec>): Promise<void> {
    const { Version, Spec } = await this.node(id);
    const path = `/nodes/${encodeURIComponent(id)}/update?version=${Version.Index}`;
    await this.json('POST', path, { ...Spec, ...change });
  }

  /** Closes every connection; requests that are under way fail. */
  close(): void {
    this.agent.destroy();
  }
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer; // `_ping` answers "OK"
  }
}

function messageIn(answer: string): string {
  const parsed = parse(answer);
  if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
    return String(parsed.message);
  }
  return answer.trim().slice(0, 1000);
}
