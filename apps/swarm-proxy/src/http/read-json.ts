import type { IncomingMessage } from 'node:http';
import { badRequest, DockerError } from './docker.error';

/** Reads a small body whole. @throws DockerError 413 when it is too large. */
export async function readSmallBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new DockerError(413, `the body is larger than ${maxBytes} bytes`, 'too_large');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws DockerError 400 when it is not a JSON object. */
export function parseObject(body: Buffer): object {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // told below
  }
  throw badRequest('invalid JSON: the body has to be an object');
}
