import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { endToEndHeaders } from './headers';
import { openRequest } from './forward-request';
import { readBody } from './read-body';
import { answerUpgrade, writeHead } from './raw-answer';
import type { ForwardTarget } from './target';
import { tunnel } from './tunnel';

export interface UpgradeOptions {
  /** Path and query to ask for. */
  path: string;
  /** All headers to send, default `endToEndHeaders(req.headers)`; Connection and Upgrade are added. */
  headers?: OutgoingHttpHeaders;
  /** The body, where the caller has read it already (with `readUpgradeBody`). */
  body?: Buffer;
  /** Sees the head of the answer before it is passed on. */
  onResponse?: (upstream: IncomingMessage) => void;
  /** The target gave no answer; the socket is this function's to answer. Default: 502. */
  onError?: (error: Error) => void;
}

/** More than any request that upgrades has (`exec start` sends some forty bytes). */
const MAX_BODY = 1024 * 1024;
/** Engines before 1.8 take the connection over with a 200 of one of these types. */
const RAW_STREAM = /^application\/vnd\.docker\.(raw|multiplexed)-stream/;

/** An upgrading request's body cannot be read: `status` says why (400 or 413). */
export class UpgradeBodyError extends Error {
  constructor(readonly status: 400 | 413) {
    super(status === 413 ? 'the body is too large' : 'the body cannot be read');
    this.name = 'UpgradeBodyError';
  }
}

/**
 * Reads the body of a request that upgrades; bytes after it stay in `socket`.
 * Node hands over such a request before its body: that is in `head` and in what follows on the
 * socket. (The CLI's `exec start` has one, and says how long it is.) @throws UpgradeBodyError
 */
export async function readUpgradeBody(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<Buffer> {
  if (head.length > 0) socket.unshift(head);
  if (req.headers['transfer-encoding'] !== undefined) throw new UpgradeBodyError(400);
  const length = Number(req.headers['content-length'] ?? 0);
  if (!Number.isSafeInteger(length) || length < 0) throw new UpgradeBodyError(400);
  if (length > MAX_BODY) throw new UpgradeBodyError(413);
  const body = await readBody(socket, length);
  if (!body) throw new UpgradeBodyError(400);
  return body;
}

/**
 * Forwards a request of `Upgrade: tcp | h2c | websocket | …` and, once the target agrees, joins the
 * two connections byte for byte, half-close kept in both directions. When the target answers with
 * anything else (404, 409 …) the client gets that answer, whole, and its connection is closed.
 *
 * The answer is parsed rather than tunnelled from the start: after a refusal a client could use the
 * connection for further requests, which nobody would check.
 */
export function forwardUpgrade(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: ForwardTarget,
  options: UpgradeOptions,
): void {
  socket.on('error', () => socket.destroy());
  if (options.body) {
    if (head.length > 0) socket.unshift(head);
    send(req, socket, target, options, options.body);
    return;
  }
  readUpgradeBody(req, socket, head).then(
    (body) => send(req, socket, target, options, body),
    (error: unknown) => {
      const status = error instanceof UpgradeBodyError ? error.status : 400;
      answerUpgrade(socket, status, { message: (error as Error).message });
    },
  );
}

function send(
  req: IncomingMessage,
  socket: Duplex,
  target: ForwardTarget,
  options: UpgradeOptions,
  body: Buffer,
) {
  const headers: OutgoingHttpHeaders = {
    ...(options.headers ?? endToEndHeaders(req.headers)),
    connection: 'Upgrade',
    upgrade: req.headers.upgrade,
    'content-length': body.length,
  };
  // A websocket's GET has no body, and some servers refuse one of length 0.
  if (req.method === 'GET' && body.length === 0) delete headers['content-length'];
  const upstream = openRequest(target, { method: req.method, path: options.path, headers });
  let answered = false;
  const abandon = () => upstream.destroy();
  socket.once('close', abandon);

  upstream.once('upgrade', (response, upstreamSocket, upstreamHead) => {
    answered = true;
    socket.off('close', abandon);
    options.onResponse?.(response);
    writeHead(socket, response, { connection: 'Upgrade', upgrade: response.headers.upgrade });
    if (upstreamHead.length > 0) upstreamSocket.unshift(upstreamHead);
    tunnel(socket, upstreamSocket);
  });
  upstream.once('response', (response) => {
    answered = true;
    options.onResponse?.(response);
    writeHead(socket, response, { connection: 'close' });
    if (response.statusCode === 200 && isRawStream(response)) takeOver(socket, upstream);
    // What the client goes on sending is of no use; it must not hold up the end.
    else socket.resume();
    // The end of the answer is the end of the connection.
    response.on('error', () => socket.destroy());
    response.pipe(socket);
  });
  upstream.on('error', (error) => {
    if (answered || socket.destroyed) socket.destroy();
    else if (options.onError) options.onError(error);
    else answerUpgrade(socket, 502, { message: 'no answer from the server behind this address' });
  });
  upstream.end(body);
}

function isRawStream(response: IncomingMessage): boolean {
  return RAW_STREAM.test(response.headers['content-type'] ?? '');
}

/** After a 200 that takes the connection over, what the client says goes on as raw bytes. */
function takeOver(socket: Duplex, upstream: ClientRequest) {
  if (!upstream.socket) return;
  upstream.socket.once('close', () => socket.resume());
  socket.pipe(upstream.socket);
}
