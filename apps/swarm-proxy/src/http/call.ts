import type { EngineNode } from '../cluster/engine-node';
import type { Cluster } from '../cluster/cluster';
import { answerUpgrade, endToEndHeaders, forwardRequest, forwardUpgrade } from '@cloudhero/forward';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AUTH_HEADERS } from '../access/read-token';
import type { Target } from '../routing/parse-target';
import { DockerError, errorBody } from './docker.error';

export interface Upgrade {
  socket: Duplex;
  head: Buffer;
}

export interface ForwardTo {
  /** Path without version, and query; default: as the client asked. */
  path?: string;
  headers?: OutgoingHttpHeaders;
  onResponse?: (upstream: IncomingMessage) => void;
}

/** One request of a client to a cluster, whether it upgrades or not. */
export class Call {
  readonly query: URLSearchParams;
  private signalOfLeaving?: AbortController;

  constructor(
    readonly req: IncomingMessage,
    private readonly answerTo: ServerResponse | Upgrade,
    readonly cluster: Cluster,
    readonly target: Target,
    /** What the route's path has in braces, decoded. */
    readonly name: string,
    readonly requestId: string,
  ) {
    this.query = new URLSearchParams(target.query);
  }

  get method(): string {
    return this.req.method ?? 'GET';
  }

  get isUpgrade(): boolean {
    return 'head' in this.answerTo;
  }

  /** For answers that are written by hand. @throws DockerError 400 when the client wants to upgrade. */
  get res(): ServerResponse {
    if (!('head' in this.answerTo)) return this.answerTo;
    throw new DockerError(400, `this call cannot be upgraded`, 'invalid_request');
  }

  /** Aborts when the client leaves before it has its answer. */
  get left(): AbortSignal {
    if (!this.signalOfLeaving) {
      const controller = new AbortController();
      this.signalOfLeaving = controller;
      const stream = 'head' in this.answerTo ? this.answerTo.socket : this.answerTo;
      stream.once('close', () => {
        if (!stream.writableFinished) controller.abort();
      });
      if (stream.destroyed) controller.abort();
    }
    return this.signalOfLeaving.signal;
  }

  /** The client's own headers without its key to us. */
  headers(): OutgoingHttpHeaders {
    const kept = Object.entries(endToEndHeaders(this.req.headers)).filter(
      ([name]) => !AUTH_HEADERS.has(name),
    );
    return { ...Object.fromEntries(kept), host: 'docker' };
  }

  /** `path` (without version, with query) in the version that the client speaks. */
  versioned(path: string): string {
    return this.target.version + path;
  }

  /** Lets `node` answer; streams both ways. */
  forward(node: EngineNode, options: ForwardTo = {}): void {
    const { path = this.target.rawPath + this.target.query } = options;
    const forwarding = {
      path: this.versioned(path),
      headers: options.headers ?? this.headers(),
      ...(options.onResponse && { onResponse: options.onResponse }),
      onError: () =>
        this.fail(
          new DockerError(503, `the node ${node.name} cannot be reached`, 'node_unreachable'),
        ),
    };
    if ('head' in this.answerTo) {
      const { socket, head } = this.answerTo;
      forwardUpgrade(this.req, socket, head, node.client.target, forwarding);
    } else forwardRequest(this.req, this.answerTo, node.client.target, forwarding);
  }

  json(status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
    const text = Buffer.from(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`);
    if (this.res.destroyed || this.res.headersSent) return;
    this.res.writeHead(status, {
      'content-type': 'application/json',
      'content-length': text.length,
      ...headers,
    });
    this.res.end(this.method === 'HEAD' ? undefined : text);
  }

  /** Answers with an error, or breaks off an answer that has begun. */
  fail(error: DockerError): void {
    const body = errorBody(error, this.requestId);
    const to = this.answerTo;
    if ('head' in to) answerUpgrade(to.socket, error.status, body);
    else if (to.headersSent) to.destroy();
    else {
      // What is left of a body is not worth waiting for.
      if (!this.req.complete) to.setHeader('connection', 'close');
      this.json(error.status, body);
    }
  }
}
