import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface CallOptions {
  json?: unknown;
  body?: Buffer | string | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T = unknown> {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, else text. */
  body: T;
}

/** Opens a call without any limit on how long its answer may take. */
export function open(
  base: string,
  method: string,
  path: string,
  { json, body, headers = {}, signal }: CallOptions = {},
): Promise<IncomingMessage> {
  const content = json === undefined ? body : JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, {
      method,
      signal,
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(content === undefined ? {} : { 'content-length': Buffer.byteLength(content) }),
        ...headers,
      },
    });
    asked.on('error', reject).on('response', resolve).end(content);
  });
}

export async function call<T = unknown>(
  base: string,
  method: string,
  path: string,
  options?: CallOptions,
): Promise<Answer<T>> {
  const answer = await open(base, method, path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: parsed(text, answer.headers['content-type']) as T,
  };
}

/** Docker calls a stream of several JSON texts JSON too; such a one stays text. */
function parsed(text: string, type = ''): unknown {
  try {
    return type.includes('json') ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}
