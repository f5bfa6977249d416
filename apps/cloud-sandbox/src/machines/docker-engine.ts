import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';

/** The engine answered with an error; `status` is the HTTP status of its API. */
export class EngineError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}

export interface EngineRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Path and query without the version, as in Docker's API reference. */
  path: string;
  json?: unknown;
  body?: Buffer | Readable;
  contentType?: string;
  signal?: AbortSignal;
}

/** What every engine since 20.10 speaks; newer ones refuse less than 1.44, so we ask first. */
const OLDEST_API = '1.41';

/**
 * Docker's HTTP API on a Unix socket or plain TCP.
 * @see https://docs.docker.com/reference/api/engine/
 */
export class DockerEngine {
  private readonly target: RequestOptions;
  private version?: Promise<string>;

  /** @param host as DOCKER_HOST: `unix:///path` or `tcp://host:port`. */
  constructor(host: string) {
    const url = new URL(host);
    if (url.protocol === 'unix:') this.target = { socketPath: url.pathname };
    else if (url.protocol === 'tcp:' || url.protocol === 'http:')
      this.target = { host: url.hostname, port: url.port || 2375 };
    else throw new Error(`DOCKER_HOST ${host}: expected unix:// or tcp://`);
  }

  /** Whether the engine runs on this machine, so that its bridges are reachable from here. */
  get isLocal(): boolean {
    return this.target.socketPath !== undefined;
  }

  /** The answer's body as JSON, or undefined where there is none. @throws EngineError */
  async json<T>(options: EngineRequest): Promise<T> {
    const text = (await readAll(await this.open(options))).toString('utf8');
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Like `json`, but a 404 is undefined. */
  async find<T>(options: EngineRequest): Promise<T | undefined> {
    try {
      return await this.json<T>(options);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The answer as a stream once its headers are in. @throws EngineError for 4xx and 5xx. */
  async open(options: EngineRequest): Promise<IncomingMessage> {
    this.version ??= this.negotiate().catch((error: unknown) => {
      this.version = undefined;
      throw error;
    });
    return this.send(`/v${await this.version}${options.path}`, options);
  }

  private async negotiate(): Promise<string> {
    const answer = await this.send('/_ping', { method: 'GET', path: '/_ping' });
    answer.resume();
    const spoken = answer.headers['api-version'];
    return typeof spoken === 'string' ? spoken : OLDEST_API;
  }

  private async send(path: string, options: EngineRequest): Promise<IncomingMessage> {
    const body = options.json === undefined ? options.body : Buffer.from(json(options.json));
    const headers: Record<string, string | number> = { host: 'docker' };
    if (options.json !== undefined) headers['content-type'] = 'application/json';
    if (options.contentType) headers['content-type'] = options.contentType;
    if (Buffer.isBuffer(body)) headers['content-length'] = body.length;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        { ...this.target, method: options.method, path, headers, signal: options.signal },
        resolve,
      );
      outgoing.on('error', reject);
      if (body && !Buffer.isBuffer(body)) body.on('error', reject).pipe(outgoing);
      else outgoing.end(body);
    });
    const status = answer.statusCode ?? 500;
    if (status < 400) return answer;
    throw new EngineError(status, messageOf((await readAll(answer)).toString('utf8')));
  }
}

/** A stream's bytes, all of them. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Each line of a stream of JSON lines, as builds, pulls and events answer. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  let rest = '';
  for await (const chunk of stream) {
    rest += (chunk as Buffer).toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as T;
  }
}

const json = (value: unknown) => JSON.stringify(value);

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
