import { EngineError, EngineUnreachableError } from '@cloudhero/docker';
import { text } from 'node:stream/consumers';
import type { EngineNode } from '../cluster/engine-node';
import type { Call } from '../http/call';
import { conflict, DockerError, unavailable } from '../http/docker.error';
import { parseObject, readSmallBody } from '../http/read-json';
import { spread } from '../scheduling/choose-node';
import { dependenciesOf, type CreateRequest } from '../scheduling/dependencies';
import { encodeName, holders } from './ask-all';
import { assertNameFree, nameTaken } from './container.handlers';

const MAX_BODY = 4 * 1024 * 1024;

/**
 * `container-create`: chooses a node (what the container depends on, then fewest containers) and
 * creates it there. An image that only some nodes have is found by trying: the common case, every
 * node has it, costs no question.
 */
export async function createContainer(call: Call): Promise<void> {
  const { cluster } = call;
  const raw = await readSmallBody(call.req, MAX_BODY);
  const body = parseObject(raw) as CreateRequest;
  const name = (call.query.get('name') ?? '').replace(/^\//, '');
  if (name) await assertNameFree(call, name);
  if (name && cluster.pending.names.has(name)) throw nameTaken(name, 'being created');
  if (name) cluster.pending.names.add(name);
  try {
    await place(call, body, raw, name);
  } finally {
    cluster.pending.names.delete(name);
  }
}

async function place(call: Call, body: CreateRequest, raw: Buffer, name: string) {
  const allowed = await allowedNodes(call, body);
  let candidates = ordered(call, allowed);
  const tried = new Set<string>();
  let missing: Created | undefined;
  for (let next = candidates[0]; next; next = candidates[0]) {
    tried.add(next.id);
    const created = await createOn(call, next, raw, name);
    if (!created || isImageMissing(created)) {
      missing ??= created;
      const have = created
        ? await holders(call, `/images/${encodeName(body.Image ?? '')}/json`)
        : allowed;
      const left = allowed.filter((node) => have.includes(node) && !tried.has(node.id));
      candidates = ordered(call, left);
      continue;
    }
    return call.json(created.status, created.body);
  }
  if (missing) return call.json(missing.status, missing.body);
  throw unavailable('the node that was chosen cannot be reached');
}

interface Created {
  status: number;
  body: string;
}

/** @returns what the engine answered, undefined when the request cannot have reached it. */
async function createOn(
  call: Call,
  node: EngineNode,
  raw: Buffer,
  name: string,
): Promise<Created | undefined> {
  const { perNode } = call.cluster.pending;
  perNode.set(node.id, (perNode.get(node.id) ?? 0) + 1);
  try {
    const path = `/containers/create${call.target.query}`;
    const response = await node.client.request('POST', call.versioned(path), {
      headers: { 'content-type': 'application/json' },
      body: raw,
      timeoutMs: 120_000,
    });
    const answer = await text(response);
    const status = response.statusCode ?? 502;
    if (status === 201) {
      const { Id } = JSON.parse(answer) as { Id: string };
      // The engine makes a name up where none is given; its event tells us.
      call.cluster.index.add({ id: Id, name, nodeId: node.id });
    }
    return { status, body: answer };
  } catch (error) {
    if (error instanceof EngineUnreachableError && wasNeverSent(error)) return undefined;
    throw unavailable(`the node ${node.name} did not answer; the container may exist`);
  } finally {
    perNode.set(node.id, (perNode.get(node.id) ?? 1) - 1);
  }
}

function wasNeverSent({ cause }: EngineUnreachableError): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH';
}

function isImageMissing({ status, body }: Created): boolean {
  return status === 404 && body.includes('No such image');
}

function ordered(call: Call, nodes: readonly EngineNode[]): EngineNode[] {
  const { index, pending } = call.cluster;
  const candidates = nodes.map((node) => ({
    id: node.id,
    name: node.name,
    containers: index.count(node.id) + (pending.perNode.get(node.id) ?? 0),
    node,
  }));
  return spread(candidates).map(({ node }) => node);
}

/** @throws DockerError 409 when what the container depends on is not all on one node. */
async function allowedNodes(call: Call, body: CreateRequest): Promise<EngineNode[]> {
  const { containers, volumes, networks } = dependenciesOf(body);
  let allowed = call.cluster.nodes();
  const narrow = (nodeIds: ReadonlySet<string>, what: string) => {
    allowed = allowed.filter(({ id }) => nodeIds.has(id));
    if (allowed.length === 0) {
      throw conflict(`no node has all that this container depends on; the last was ${what}`);
    }
  };
  for (const reference of containers) {
    const owned = await call.cluster.owner(reference);
    narrow(new Set([owned.nodeId]), `the container ${reference}`);
  }
  for (const volume of volumes) {
    const have = await holders(call, `/volumes/${encodeURIComponent(volume)}`);
    if (have.length > 0) narrow(new Set(have.map(({ id }) => id)), `the volume ${volume}`);
  }
  for (const network of networks) {
    const local = await localNetworkHolders(call, network);
    if (local) narrow(local, `the network ${network}`);
  }
  return allowed;
}

/** Nodes that have a network of this name or id; null when it spans the cluster, or nobody has it. */
async function localNetworkHolders(call: Call, network: string): Promise<Set<string> | null> {
  const path = `/networks/${encodeURIComponent(network)}`;
  const found = new Set<string>();
  let spans = false;
  await Promise.all(
    call.cluster.nodes().map(async (node) => {
      try {
        const { Scope } = await node.client.json<{ Scope: string }>('GET', path);
        if (Scope === 'swarm') spans = true;
        else found.add(node.id);
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return;
        if (error instanceof DockerError) throw error;
      }
    }),
  );
  return spans || found.size === 0 ? null : found;
}
