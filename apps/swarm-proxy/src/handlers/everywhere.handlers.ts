import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Sealer } from '@cloudhero/secrets';
import { hasCredentials, registryAuth } from '../access/registry-auth';
import type { EngineNode } from '../cluster/engine-node';
import { readLines } from '../cluster/json-lines';
import type { Call } from '../http/call';
import { DockerError, unavailable } from '../http/docker.error';
import { labelProgress } from './label-progress';

interface Head {
  node: EngineNode;
  response: IncomingMessage;
}

/**
 * `image-pull` and `image-load`: every node does the same, and the client sees the progress of each,
 * marked with the node's name. Credentials of the environment's integrations are added to a pull
 * where the client sent none. A node that fails while others succeed ends the stream with its error.
 */
export function everywhere(sealer: Sealer) {
  return async (call: Call): Promise<void> => {
    const nodes = call.cluster.nodes();
    const headers = call.headers();
    const from = call.query.get('fromImage');
    if (from && !hasCredentials(call.req.headers['x-registry-auth'])) {
      const added = registryAuth(from, call.cluster.record.registries, sealer);
      if (added) headers['x-registry-auth'] = added;
    }
    const path = call.versioned(call.target.rawPath + call.target.query);
    const hasBody = !from && call.req.headers['content-length'] !== '0';
    const bodies = nodes.map(() => (hasBody ? new PassThrough() : undefined));
    const asked = nodes.map((node, index) =>
      node.client
        .request('POST', path, { headers, body: bodies[index] ?? '', signal: call.left })
        .then((response): Head => ({ node, response }))
        .catch((error: unknown) => {
          bodies[index]?.destroy(); // it must not hold up the others
          return error as Error;
        }),
    );
    if (hasBody) void feed(call.req, bodies as PassThrough[]).catch(() => undefined);
    await merge(call, await Promise.all(asked), nodes);
  };
}

/** Gives every chunk to every node, as fast as the slowest takes it. */
async function feed(source: IncomingMessage, sinks: readonly PassThrough[]) {
  for (const sink of sinks) sink.on('error', () => undefined);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const waiting = sinks.filter((sink) => !sink.destroyed && !sink.write(chunk)).map(drained);
      if (waiting.length > 0) await Promise.all(waiting);
    }
    for (const sink of sinks) sink.end();
  } catch (error) {
    for (const sink of sinks) sink.destroy(error as Error);
  }
}

/** Resolves when `sink` takes more, or never will. */
function drained(sink: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.off('drain', done).off('close', done);
      resolve();
    };
    sink.once('drain', done).once('close', done);
  });
}

async function merge(call: Call, heads: readonly (Head | Error)[], nodes: readonly EngineNode[]) {
  const good = heads.filter((head): head is Head => 'node' in head && isOk(head));
  const failures = await Promise.all(
    heads.flatMap((head, index) =>
      isOk(head) ? [] : [describe(head, nodes[index] as EngineNode)],
    ),
  );
  const failure = failures[0];
  if (good.length === 0) throw failure ?? unavailable('no node answered');
  const { res } = call;
  res.writeHead(200, { 'content-type': 'application/json' });
  res.flushHeaders();
  for (const name of call.cluster.down()) {
    res.write(`${JSON.stringify({ status: `${name}: cannot be reached, left out` })}\r\n`);
  }
  await Promise.all(good.map((head) => relay(head, res, call.left)));
  for (const error of failures) {
    const body = { errorDetail: { message: error.message }, error: error.message };
    res.write(`${JSON.stringify(body)}\r\n`);
  }
  res.end();
}

async function relay({ node, response }: Head, res: ServerResponse, left: AbortSignal) {
  try {
    for await (const line of readLines(response)) {
      if (!res.write(`${labelProgress(line, node.name)}\r\n`)) {
        await once(res, 'drain', { signal: left });
      }
    }
  } catch {
    response.destroy();
    const error = `the node ${node.name} was lost in the middle`;
    if (!res.destroyed)
      res.write(`${JSON.stringify({ errorDetail: { message: error }, error })}\r\n`);
  }
}

function isOk(head: Head | Error): boolean {
  return 'response' in head && head.response.statusCode === 200;
}

async function describe(head: Head | Error, node: EngineNode): Promise<DockerError> {
  if (!('response' in head)) return unavailable(`the node ${node.name} did not answer`);
  const body = await text(head.response).catch(() => '');
  let message = body;
  try {
    message = (JSON.parse(body) as { message: string }).message;
  } catch {
    // as it is
  }
  return new DockerError(head.response.statusCode ?? 502, message, 'engine_refused');
}
