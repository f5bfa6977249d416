import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { endToEndRawHeaders } from './headers';

/** Answers a request that wanted to upgrade with JSON, and closes its connection. */
export function answerUpgrade(
  socket: Duplex,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  if (socket.destroyed || !socket.writable) return;
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  const lines = Object.entries({
    'content-type': 'application/json',
    ...headers,
    'content-length': String(text.length),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(text);
  // What the client goes on sending is of no use; it must not hold up the end.
  socket.resume();
}

/** Writes the head of `response`, with `connection` in place of what belonged to its connection. */
export function writeHead(
  socket: Duplex,
  response: IncomingMessage,
  connection: OutgoingHttpHeaders,
): void {
  const headers = endToEndRawHeaders(response.rawHeaders, response.headers.connection);
  for (const [name, value] of Object.entries(connection)) {
    if (value !== undefined) headers.push(name, String(value));
  }
  let text = `HTTP/1.1 ${response.statusCode} ${response.statusMessage ?? ''}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  socket.write(`${text}\r\n`, 'latin1');
}
