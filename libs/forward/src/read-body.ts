import type { Duplex } from 'node:stream';

/**
 * Reads exactly `length` bytes and leaves the rest in the stream.
 * @returns null when the stream ends before.
 */
export function readBody(stream: Duplex, length: number): Promise<Buffer | null> {
  if (length === 0) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let missing = length;
    const done = (body: Buffer | null) => {
      stream.off('readable', read);
      stream.off('end', ended);
      stream.off('close', ended);
      resolve(body);
    };
    const ended = () => done(null);
    const read = () => {
      for (;;) {
        const chunk = stream.read() as Buffer | null;
        if (chunk === null) return;
        chunks.push(chunk.subarray(0, missing));
        const rest = chunk.subarray(missing);
        missing -= chunk.length - rest.length;
        if (missing > 0) continue;
        if (rest.length > 0) stream.unshift(rest);
        done(Buffer.concat(chunks));
        return;
      }
    };
    stream.on('readable', read);
    stream.on('end', ended);
    stream.on('close', ended);
    read();
  });
}
