import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { endToEndHeaders, endToEndRawHeaders } from './headers';
import type { ForwardTarget } from './target';

export interface ForwardOptions {
  /** Path and query to ask for. */
  path: string;
  /** Default: the request's own. */
  method?: string;
  /** All headers to send, default `endToEndHeaders(req.headers)`. */
  headers?: OutgoingHttpHeaders;
  /** Sees the head of the answer before it is passed on; may add to or take from `res`. */
  onResponse?: (upstream: IncomingMessage) => void;
  /**
   * The target gave no answer; nothing has been sent to the client yet, and it is this function's to
   * answer. Default: 502 with a JSON `message`. Not called when the client has left.
   */
  onError?: (error: Error) => void;
}

/**
 * Forwards a request and streams the answer back. Nothing is buffered: a slow reader slows the
 * writer. A client that leaves closes the upstream at once; an upstream that dies in the middle of
 * its answer breaks the client's connection, so that a cut answer is never taken for a whole one.
 */
export function forwardRequest(
  req: IncomingMessage,
  res: ServerResponse,
  target: ForwardTarget,
  options: ForwardOptions,
): void {
  const forwarding = new Forwarding(req, res, target, options);
  forwarding.start();
}

class Forwarding {
  private upstream?: ClientRequest;
  private answered = false;
  private readonly hasBody: boolean;

  constructor(
    private readonly req: IncomingMessage,
    private readonly res: ServerResponse,
    private readonly target: ForwardTarget,
    private readonly options: ForwardOptions,
  ) {
    const length = req.headers['content-length'];
    this.hasBody =
      req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  }

  start() {
    this.res.once('close', () => {
      if (!this.res.writableFinished) this.upstream?.destroy();
    });
    this.send();
  }

  private send() {
    const upstream = openRequest(this.target, {
      method: this.options.method ?? this.req.method,
      path: this.options.path,
      headers: this.headers(),
    });
    this.upstream = upstream;
    upstream.once('response', (response) => this.answer(response));
    upstream.on('error', (error) => this.failed(upstream, error));
    if (this.hasBody) this.req.pipe(upstream);
    else upstream.end();
  }

  private headers(): OutgoingHttpHeaders {
    const headers = this.options.headers ?? endToEndHeaders(this.req.headers);
    // Node adds it by itself for POST and PUT only.
    const chunked = this.hasBody && headers['content-length'] === undefined;
    return chunked ? { ...headers, 'transfer-encoding': 'chunked' } : headers;
  }

  private answer(response: IncomingMessage) {
    const { res } = this;
    this.answered = true;
    if (res.destroyed) {
      response.destroy();
      return;
    }
    this.options.onResponse?.(response);
    res.writeHead(
      response.statusCode ?? 502,
      response.statusMessage,
      endToEndRawHeaders(response.rawHeaders, response.headers.connection),
    );
    // A stream that is silent at first (events, wait) has to begin all the same.
    if (response.headers['content-length'] === undefined) res.flushHeaders();
    response.on('error', () => res.destroy());
    response.pipe(res);
  }

  private failed(upstream: ClientRequest, error: Error) {
    const { req, res } = this;
    // An engine may answer before it has read the whole body, and then read no more.
    if (this.answered) {
      req.unpipe(upstream);
      req.resume();
      return;
    }
    // Not `req.destroyed`: a request whose body was read to its end counts as destroyed too.
    if (res.destroyed) return;
    // A kept-alive connection may be closed at the moment we use it; without a body it is safe to
    // send a request that cannot have been handled again, and Node says so only for reads.
    if (upstream.reusedSocket && !this.hasBody && isReset(error) && isSafe(req.method)) {
      this.send();
      return;
    }
    req.unpipe(upstream);
    req.resume();
    if (this.options.onError) this.options.onError(error);
    else badGateway(res);
  }
}

/** Opens a request at `target` over its pool. */
export function openRequest(
  target: ForwardTarget,
  request: { method?: string | undefined; path: string; headers: OutgoingHttpHeaders },
): ClientRequest {
  return target.protocol === 'https:'
    ? httpsRequest({ ...target, ...request })
    : httpRequest({ ...target, ...request });
}

function badGateway(res: ServerResponse) {
  const body = JSON.stringify({ message: 'no answer from the server behind this address' });
  res.writeHead(502, { 'content-type': 'application/json', 'content-length': body.length });
  res.end(body);
}

function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function isSafe(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}
