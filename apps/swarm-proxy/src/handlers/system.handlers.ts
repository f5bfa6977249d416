import type { EngineInfo, EngineVersion } from '@cloudhero/docker';
import { once } from 'node:events';
import { readLines } from '../cluster/json-lines';
import type { Call } from '../http/call';
import { DockerError } from '../http/docker.error';
import { askAll, missingHeaders } from './ask-all';
import { mergeInfo, olderApi } from './merge-info';

/** A node that hangs must not make `docker info` hang. */
const INFO_TIMEOUT_MS = 3000;

/** Answered from what the engines told when we connected: clients negotiate their version with it. */
export function ping(call: Call): void {
  const facts = call.cluster.nodes().flatMap((node) => node.facts ?? []);
  const older = (values: string[]) => values.reduce(olderApi);
  call.res.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'api-version': older(facts.map(({ apiVersion }) => apiVersion)),
    'builder-version': older(facts.map(({ builderVersion }) => builderVersion)),
    'docker-experimental': 'false',
    ostype: 'linux',
    server: 'CloudHero',
    'cache-control': 'no-cache, no-store, must-revalidate',
    pragma: 'no-cache',
    'content-length': 2,
  });
  call.res.end(call.method === 'HEAD' ? undefined : 'OK');
}

export async function info(call: Call): Promise<void> {
  const { answers, missing } = await askAll<EngineInfo>(call, 'GET', '/info', {
    timeoutMs: INFO_TIMEOUT_MS,
  });
  const nodes = answers.map(({ node, value }) => ({
    name: node.name,
    address: node.client.address,
    info: value,
  }));
  call.json(200, mergeInfo(call.cluster.record, nodes, missing), missingHeaders(missing));
}

/** What all engines can do: the oldest of their newest API versions. */
export async function version(call: Call): Promise<void> {
  const { answers, missing } = await askAll<EngineVersion>(call, 'GET', '/version', {
    timeoutMs: INFO_TIMEOUT_MS,
  });
  const versions = answers.map(({ value }) => value);
  const oldest = versions.reduce((one, other) =>
    olderApi(one.ApiVersion, other.ApiVersion) === one.ApiVersion ? one : other,
  );
  call.json(200, oldest, missingHeaders(missing));
}

/** Every node's events as they come, line by line; ends when all have ended (with `until`). */
export async function events(call: Call): Promise<void> {
  const { res } = call;
  const nodes = call.cluster.nodes();
  const streams = await Promise.all(
    nodes.map((node) =>
      node.client
        .request('GET', call.versioned(`/events${call.target.query}`), {
          signal: call.left,
          timeoutMs: 10_000,
        })
        .catch(() => null),
    ),
  );
  const refused = streams.find((stream) => stream && stream.statusCode !== 200);
  if (refused) {
    streams.forEach((stream) => stream !== refused && stream?.destroy());
    let text = '';
    for await (const line of readLines(refused)) text += line;
    const { message } = JSON.parse(text) as { message: string };
    throw new DockerError(refused.statusCode ?? 502, message, 'engine_refused');
  }
  res.writeHead(200, { 'content-type': 'application/json' });
  res.flushHeaders();
  await Promise.all(
    streams.map(async (stream) => {
      if (!stream) return;
      try {
        for await (const line of readLines(stream)) {
          if (!res.write(`${line}\n`)) await once(res, 'drain', { signal: call.left });
        }
      } catch {
        stream.destroy(); // the node or the client is gone; the others go on
      }
    }),
  );
  res.end();
}
