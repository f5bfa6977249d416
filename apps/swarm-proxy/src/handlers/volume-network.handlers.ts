import type { EngineNode } from '../cluster/engine-node';
import type { Call } from '../http/call';
import { parseObject, readSmallBody } from '../http/read-json';
import { spread } from '../scheduling/choose-node';
import { holders } from './ask-all';

const MAX_BODY = 1024 * 1024;

/** `volume`: the node that has it; if none has, the first says so in the engine's own words. */
export async function volume(call: Call): Promise<void> {
  const [node] = await holders(call, `/volumes/${encodeURIComponent(call.name)}`);
  call.forward(node ?? call.cluster.any());
}

export async function network(call: Call): Promise<void> {
  const [node] = await holders(call, `/networks/${encodeURIComponent(call.name)}`);
  call.forward(node ?? call.cluster.any());
}

/** A volume that exists stays where it is (creating it again changes nothing); others are spread. */
export async function createVolume(call: Call): Promise<void> {
  const raw = await readSmallBody(call.req, MAX_BODY);
  const { Name } = parseObject(raw) as { Name?: string };
  const have = Name ? await holders(call, `/volumes/${encodeURIComponent(Name)}`) : [];
  await send(call, have[0] ?? leastLoaded(call), raw);
}

/**
 * A network that spans the cluster is a manager's. One that is local to a node is made on one node,
 * and the containers that use it are placed there, so that they do reach one another.
 */
export async function createNetwork(call: Call): Promise<void> {
  const raw = await readSmallBody(call.req, MAX_BODY);
  const { Name, Driver, Scope } = parseObject(raw) as Record<string, string | undefined>;
  if (Driver === 'overlay' || Scope === 'swarm') {
    await send(call, call.cluster.manager(), raw);
    return;
  }
  const path = `/networks/${encodeURIComponent(Name ?? '')}`;
  const have = Name ? await holders(call, path) : [];
  await send(call, have[0] ?? leastLoaded(call), raw);
}

/** `network-member`: the container decides which node it is. */
export async function networkMember(call: Call): Promise<void> {
  const raw = await readSmallBody(call.req, MAX_BODY);
  const { Container } = parseObject(raw) as { Container?: string };
  const owned = await call.cluster.owner(Container ?? '');
  await send(call, call.cluster.node(owned.nodeId), raw);
}

function leastLoaded(call: Call): EngineNode {
  const candidates = call.cluster.nodes().map((node) => ({
    id: node.id,
    name: node.name,
    containers: call.cluster.index.count(node.id),
    node,
  }));
  return (spread(candidates)[0] as { node: EngineNode }).node;
}

/** Sends a body that we have read, and passes the answer on. */
async function send(call: Call, node: EngineNode, body: Buffer) {
  const headers = { ...call.headers(), 'content-length': body.length };
  const path = call.versioned(call.target.rawPath + call.target.query);
  const response = await node.client.request(call.method, path, {
    headers,
    body,
    timeoutMs: 60_000,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  call.res.writeHead(response.statusCode ?? 502, {
    'content-type': response.headers['content-type'] ?? 'application/json',
  });
  call.res.end(Buffer.concat(chunks));
}
