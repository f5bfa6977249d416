import type { KeyPair } from '@cloudhero/docker';
import type { ClusterRecord } from '@cloudhero/persistence';
import { conflict, notFound, badRequest, unavailable } from '../http/docker.error';
import { BoundedMap } from './bounded-map';
import { EngineNode } from './engine-node';
import { OwnerIndex, type Owned } from './owner-index';

export interface ClusterKeys {
  ca: string;
  pair: KeyPair;
}

/** One environment's Docker cluster as this process knows it. */
export class Cluster {
  readonly index = new OwnerIndex();
  /** Which node has an exec; engines keep them only until their container ends. */
  readonly execs = new BoundedMap<string, string>(50_000);
  /** Containers that are being created: they count, and their names are taken. */
  readonly pending = { names: new Set<string>(), perNode: new Map<string, number>() };
  private readonly engines = new Map<string, EngineNode>();
  private relisting?: Promise<void>;

  constructor(
    public record: ClusterRecord,
    private readonly keys: ClusterKeys | null,
    private readonly enginePort?: number,
  ) {
    this.update(record);
  }

  /** Takes a newer record: nodes come, go, and get other addresses. */
  update(record: ClusterRecord) {
    this.record = record;
    const wanted = new Set<string>();
    for (const node of record.nodes) {
      if (!this.keys || node.phase !== 'ready' || !node.publicIp) continue;
      wanted.add(node.id);
      const known = this.engines.get(node.id);
      const same = known?.record.publicIp === node.publicIp;
      if (known && same) continue;
      known?.close();
      const reachable = { ...node, publicIp: node.publicIp };
      const { ca, pair } = this.keys;
      const engine = new EngineNode(reachable, ca, pair, this.index, this.enginePort);
      this.engines.set(node.id, engine);
    }
    const members = new Set(record.nodes.map(({ id }) => id));
    for (const [id, engine] of this.engines) {
      if (wanted.has(id)) continue;
      engine.close();
      this.engines.delete(id);
      // A node that is only down keeps its containers' names.
      if (!members.has(id)) this.index.forgetNode(id);
    }
  }

  /** Resolves when every engine has been tried once, at the latest after three seconds. */
  async connected(): Promise<void> {
    const tried = Promise.all([...this.engines.values()].map((engine) => engine.tried));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, 3000)));
    await Promise.race([tried, late]);
    clearTimeout(timer);
  }

  /** Nodes that answer, by name. @throws DockerError 409 without Docker nodes, 503 when none answers. */
  nodes(): EngineNode[] {
    if (this.record.nodes.length === 0) {
      throw conflict(
        `the environment ${this.record.name} has no node with docker; add one with "packages": ["docker"]`,
      );
    }
    const up = [...this.engines.values()].filter((engine) => engine.up);
    if (up.length === 0) {
      throw unavailable(`no node of the environment ${this.record.name} can be reached right now`);
    }
    return up.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  }

  /** Names of nodes that are part of the cluster and do not answer. */
  down(): string[] {
    return this.record.nodes
      .filter(({ id }) => !this.engines.get(id)?.up)
      .map(({ name }) => name)
      .sort();
  }

  /** The first node that answers. */
  any(): EngineNode {
    return this.nodes()[0] as EngineNode;
  }

  /** A manager that answers. @throws DockerError 503 when there is none. */
  manager(): EngineNode {
    const role = (engine: EngineNode) =>
      this.record.nodes.find(({ id }) => id === engine.id)?.clusterRole;
    const found = this.nodes().find((engine) => role(engine) === 'manager');
    if (!found) throw unavailable('no manager of the cluster can be reached right now');
    return found;
  }

  /** @throws DockerError 503 when the node is down. */
  node(id: string): EngineNode {
    const engine = this.engines.get(id);
    if (engine?.up) return engine;
    const name = this.record.nodes.find((node) => node.id === id)?.name ?? id;
    throw unavailable(`the node ${name} cannot be reached right now`);
  }

  /**
   * The container with this id, beginning of an id, name, or `node/name`. Looks again on every node
   * before it says that there is none. @throws DockerError 404, or 400 when several fit.
   */
  async owner(reference: string): Promise<Owned> {
    const found = this.lookUp(reference);
    if (found.kind === 'one') return found.owned;
    if (found.kind === 'none') {
      await this.relist();
      const again = this.lookUp(reference);
      if (again.kind === 'one') return again.owned;
      if (again.kind === 'none') throw notFound(`No such container: ${reference}`);
    }
    throw badRequest(`Multiple IDs found with provided prefix: ${reference}`);
  }

  /** Reads every node's list anew; who asks at the same time shares it. */
  relist(): Promise<void> {
    this.relisting ??= Promise.allSettled(this.nodes().map((node) => node.list()))
      .then(() => undefined)
      .finally(() => (this.relisting = undefined));
    return this.relisting;
  }

  close() {
    for (const engine of this.engines.values()) engine.close();
  }

  private lookUp(reference: string) {
    const slash = reference.indexOf('/', 1);
    const node =
      slash > 0 &&
      this.record.nodes.find(({ name, serverName }) =>
        [name, serverName].includes(reference.slice(0, slash)),
      );
    return node ? this.index.find(reference.slice(slash + 1), node.id) : this.index.find(reference);
  }
}
