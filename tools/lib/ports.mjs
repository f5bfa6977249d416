import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that outgoing connections take theirs from, so that a port stays ours. */
const FIRST = 20_000;
const LAST = 30_000;

export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port: the first from `preferred` on, or a random one; none of those in `taken`. */
export async function choosePort(taken, preferred) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = preferred === undefined ? randomInt(FIRST, LAST) : preferred + attempt;
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error('no free port found');
}
