import { EngineError } from '@cloudhero/docker';
import { text } from 'node:stream/consumers';
import type { EngineNode } from '../cluster/engine-node';
import type { Owned } from '../cluster/owner-index';
import type { Call } from '../http/call';
import { badRequest, conflict } from '../http/docker.error';

/** `container`: whatever it is, the node that has the container answers. */
export async function container(call: Call): Promise<void> {
  const owned = await call.cluster.owner(call.name);
  call.forward(call.cluster.node(owned.nodeId), { path: pathAt(call, owned) });
}

/**
 * The path as the engine knows the container: `node/name` is ours alone, all else stays as the client
 * wrote it, so that the engine's messages name it in the same way.
 */
function pathAt(call: Call, owned: Owned): string {
  const { rawPath, path, query } = call.target;
  if (!call.name.includes('/')) return rawPath + query;
  return `${path.replace(`/containers/${call.name}`, `/containers/${owned.id}`)}${query}`;
}

/** Inspect says on which node the container is, in the form of the reference. */
export async function inspectContainer(call: Call): Promise<void> {
  const owned = await call.cluster.owner(call.name);
  const node = call.cluster.node(owned.nodeId);
  const response = await node.client.request('GET', call.versioned(pathAt(call, owned)), {
    headers: { accept: 'application/json' },
    timeoutMs: 30_000,
    signal: call.left,
  });
  const body = await text(response);
  const status = response.statusCode ?? 502;
  // The answer is put in front as text: nothing of the engine's own is parsed and written anew.
  if (status !== 200 || !body.startsWith('{"')) return call.json(status, body);
  call.json(200, `{"Node":${JSON.stringify(describeNode(node))},${body.slice(1)}`);
}

/** A node as classic Swarm's inspect has it (the reference, "Inspect"). */
export function describeNode(node: EngineNode) {
  const info = node.facts?.info;
  return {
    Addr: node.client.address,
    Cpus: info?.NCPU ?? 0,
    ID: info?.ID ?? '',
    IP: node.record.publicIp,
    Labels: {
      kernelversion: info?.KernelVersion ?? '',
      operatingsystem: info?.OperatingSystem ?? '',
      storagedriver: info?.Driver ?? '',
      // What the reference calls so is the container runtime in today's engines.
      executiondriver: info?.DefaultRuntime ?? '',
      ...Object.fromEntries((info?.Labels ?? []).map((label) => splitAt(label, '='))),
    },
    Memory: info?.MemTotal ?? 0,
    Name: node.record.serverName,
  };
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

export async function removeContainer(call: Call): Promise<void> {
  const owned = await call.cluster.owner(call.name);
  call.forward(call.cluster.node(owned.nodeId), {
    path: pathAt(call, owned),
    onResponse: ({ statusCode }) => {
      if (statusCode === 204 && call.query.get('link') !== '1') call.cluster.index.remove(owned.id);
    },
  });
}

/** Names are unique in the cluster, not only on a node. */
export async function renameContainer(call: Call): Promise<void> {
  const owned = await call.cluster.owner(call.name);
  const name = (call.query.get('name') ?? '').replace(/^\//, '');
  await assertNameFree(call, name, owned.id);
  call.forward(call.cluster.node(owned.nodeId), {
    path: pathAt(call, owned),
    onResponse: ({ statusCode }) => {
      if (statusCode === 204) call.cluster.index.rename(owned.id, name);
    },
  });
}

/**
 * @throws DockerError 409 when a container of the cluster other than `but` has the name. Its node is
 * asked: a container that has just gone (`--rm`) may still be in our index.
 */
export async function assertNameFree(call: Call, name: string, but?: string): Promise<void> {
  const other = call.cluster.index.named(name);
  if (!other || other.id === but) return;
  const { client } = call.cluster.node(other.nodeId);
  const gone = await client.json('GET', `/containers/${other.id}/json`).then(
    () => false,
    (error: unknown) => error instanceof EngineError && error.status === 404,
  );
  if (!gone) throw nameTaken(name, other.id);
  call.cluster.index.remove(other.id);
}

/** As the engine words it. */
export function nameTaken(name: string, id: string) {
  return conflict(
    `Conflict. The container name "/${name}" is already in use by container "${id}". ` +
      'You have to remove (or rename) that container to be able to reuse that name.',
  );
}

/** `commit`: the container is named in the query. */
export async function commit(call: Call): Promise<void> {
  const reference = call.query.get('container') ?? '';
  if (!reference) throw badRequest('the query needs a container');
  const owned = await call.cluster.owner(reference);
  const query = new URLSearchParams(call.query);
  query.set('container', owned.id);
  call.forward(call.cluster.node(owned.nodeId), { path: `/commit?${query.toString()}` });
}
