import { request } from 'node:http';

/**
 * One HTTP call without any limit on how long its answer may take.
 * @param {string} base such as `http://127.0.0.1:8080`
 * @param {{json?: unknown, body?: Buffer, headers?: object, signal?: AbortSignal}} [options]
 * @returns {Promise<import('node:http').IncomingMessage>} once its headers are in
 */
export function open(base, method, path, { json, body, headers = {}, signal } = {}) {
  const content = json === undefined ? body : Buffer.from(JSON.stringify(json));
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, {
      method,
      signal,
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(content ? { 'content-length': content.length } : {}),
        ...headers,
      },
    });
    asked.on('error', reject).on('response', resolve).end(content);
  });
}

/** One call and its whole answer; `body` is parsed where it is JSON. */
export async function call(base, method, path, options) {
  const answer = await open(base, method, path, options);
  const buffer = await readAll(answer);
  const body = parsed(buffer, answer.headers['content-type']) ?? buffer;
  return { status: answer.statusCode, headers: answer.headers, body };
}

/** Docker calls a stream of several JSON texts JSON too; such a one is left as it is. */
function parsed(buffer, type = '') {
  try {
    return type.includes('json') ? JSON.parse(buffer.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Each server-sent event's data, parsed, until the stream ends or `signal` is aborted. */
export async function* serverSentEvents(base, path, { headers, signal }) {
  const accept = { accept: 'text/event-stream' };
  const answer = await open(base, 'GET', path, { headers: { ...headers, ...accept }, signal });
  let rest = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block
          .split('\n')
          .flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
        if (data.length > 0) yield JSON.parse(data.join('\n'));
      }
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
