import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a client may take to notice that the other side has closed both directions. */
const LINGER_MS = 2000;

/**
 * Joins two connections: bytes, backpressure and each direction's end pass through. Both must allow
 * half-open. One that breaks breaks the other, so that nobody takes a cut stream for a whole one.
 */
export function tunnel(one: Duplex, other: Duplex): void {
  join(one, other);
  join(other, one);
}

function join(from: Duplex, to: Duplex) {
  tune(from);
  from.on('error', () => undefined); // 'close' follows
  from.on('close', () => {
    if (!from.readableEnded) reset(to);
    else if (!from.writableFinished) closeAfterEnd(to, from);
  });
  from.pipe(to);
}

/**
 * `from` has said all that it had to say and reads no more (a container that ends before its stdin
 * does): what it said still has to arrive, what `to` goes on sending goes nowhere.
 */
function closeAfterEnd(to: Duplex, from: Duplex) {
  to.unpipe(from);
  to.resume();
  const close = () => setTimeout(() => to.destroy(), LINGER_MS).unref();
  if (to.writableFinished) close();
  else to.once('finish', close);
}

/** Interactive streams are small writes; and a peer that vanished has to be noticed some day. */
function tune(stream: Duplex) {
  if (!(stream instanceof Socket)) return;
  stream.setTimeout(0);
  stream.setNoDelay(true);
  stream.setKeepAlive(true, 30_000);
}

function reset(stream: Duplex) {
  if (stream.destroyed) return;
  if (stream instanceof Socket && !('encrypted' in stream)) stream.resetAndDestroy();
  else stream.destroy();
}
