import { text } from 'node:stream/consumers';
import type { EngineNode } from '../cluster/engine-node';
import type { Call } from '../http/call';
import { notFound } from '../http/docker.error';
import { holders } from './ask-all';

/** `exec-create`: remembers which node has the exec that the answer names. */
export async function createExec(call: Call): Promise<void> {
  const owned = await call.cluster.owner(call.name);
  const node = call.cluster.node(owned.nodeId);
  const response = await node.client.request(
    'POST',
    call.versioned(`/containers/${owned.id}/exec`),
    { headers: call.headers(), body: call.req, timeoutMs: 30_000, signal: call.left },
  );
  const body = await text(response);
  if (response.statusCode === 201) {
    const { Id } = JSON.parse(body) as { Id: string };
    call.cluster.execs.set(Id, owned.nodeId);
  }
  call.json(response.statusCode ?? 502, body);
}

/** `exec`: start, resize and inspect go to the node that has it. */
export async function exec(call: Call): Promise<void> {
  call.forward(await nodeOfExec(call));
}

async function nodeOfExec(call: Call): Promise<EngineNode> {
  const known = call.cluster.execs.get(call.name);
  if (known) return call.cluster.node(known);
  // Made through another process, or directly on the node.
  const [node] = await holders(call, `/exec/${encodeURIComponent(call.name)}/json`);
  if (!node) throw notFound(`No such exec instance: ${call.name}`);
  call.cluster.execs.set(call.name, node.id);
  return node;
}
