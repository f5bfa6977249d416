import { EngineError } from '@cloudhero/docker';
import type { EngineNode } from '../cluster/engine-node';
import type { Call } from '../http/call';
import { DockerError } from '../http/docker.error';
import { encodeName, holders } from './ask-all';

/** `image`: a node that has it answers; if none has, the first says so in the engine's own words. */
export async function image(call: Call): Promise<void> {
  const [node] = await holders(call, `/images/${encodeName(call.name)}/json`);
  call.forward(node ?? call.cluster.any());
}

/** `image-export`: a node that has all of the images that the query names. */
export async function exportImages(call: Call): Promise<void> {
  const names = call.query.getAll('names');
  let nodes = call.cluster.nodes();
  for (const name of names) {
    const have = await holders(call, `/images/${encodeName(name)}/json`);
    nodes = nodes.filter((node) => have.includes(node));
  }
  call.forward(nodes[0] ?? call.cluster.any());
}

/** `image-all-holders`: tag and remove are done wherever the image is. */
export async function onAllHolders(call: Call): Promise<void> {
  const nodes = call.cluster.nodes();
  const path = call.versioned(call.target.rawPath + call.target.query);
  const results = await Promise.allSettled(
    nodes.map((node) => node.client.json<unknown[] | undefined>(call.method, path)),
  );
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = worst(results, nodes);
  // Nobody has it: 404. Somebody has it and cannot: that is what the client has to know.
  if (failure && (done.length === 0 || failure.status !== 404)) throw failure;
  if (call.method === 'POST') {
    call.res.writeHead(201, { 'content-length': 0 }).end();
    return;
  }
  const entries = done.flatMap((value) => value ?? []).map((entry) => JSON.stringify(entry));
  call.json(200, `[${[...new Set(entries)].join(',')}]`);
}

function worst(
  results: readonly PromiseSettledResult<unknown>[],
  nodes: readonly EngineNode[],
): DockerError | undefined {
  const errors = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [];
    const reason: unknown = result.reason;
    if (reason instanceof EngineError) {
      return [new DockerError(reason.status, reason.message, 'engine_refused')];
    }
    return [
      new DockerError(503, `the node ${nodes[index]?.name} did not answer`, 'node_unreachable'),
    ];
  });
  return errors.find(({ status }) => status !== 404) ?? errors[0];
}
