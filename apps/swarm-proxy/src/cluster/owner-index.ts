/** A container and where it is. */
export interface Owned {
  id: string;
  /** Without the leading slash. */
  name: string;
  nodeId: string;
}

export type Found = { kind: 'one'; owned: Owned } | { kind: 'none' } | { kind: 'ambiguous' };

interface Entry extends Owned {
  /** When it was last learned, on the index's own clock. */
  tick: number;
}

/**
 * Which node has which container. Fed by lists and events of the engines, and at once by what goes
 * through this proxy, so that who creates a container finds it in the next call.
 */
export class OwnerIndex {
  private readonly byId = new Map<string, Entry>();
  private readonly byName = new Map<string, Entry>();
  private readonly removed = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  private tick = 0;

  /** To be taken before a list is asked for; see `replace`. */
  now(): number {
    return this.tick++;
  }

  /**
   * Takes a node's whole list. What was added or removed since `since` is newer than the list and
   * stays as it is.
   */
  replace(nodeId: string, containers: readonly { id: string; name: string }[], since: number) {
    const listed = new Set(containers.map(({ id }) => id));
    for (const entry of [...this.byId.values()]) {
      if (entry.nodeId === nodeId && entry.tick <= since && !listed.has(entry.id)) this.drop(entry);
    }
    for (const { id, name } of containers) {
      const known = this.byId.get(id);
      if ((this.removed.get(id) ?? -1) > since || (known && known.tick > since)) continue;
      this.add({ id, name, nodeId });
    }
    for (const [id, tick] of this.removed) if (tick < since - 10_000) this.removed.delete(id);
  }

  add(owned: Owned) {
    const known = this.byId.get(owned.id);
    if (known) this.drop(known);
    const entry = { ...owned, tick: this.tick++ };
    this.byId.set(entry.id, entry);
    if (entry.name) this.byName.set(entry.name, entry);
    this.counts.set(entry.nodeId, this.count(entry.nodeId) + 1);
  }

  remove(id: string) {
    const entry = this.byId.get(id);
    if (entry) this.drop(entry);
    this.removed.set(id, this.tick++);
  }

  rename(id: string, name: string) {
    const entry = this.byId.get(id);
    if (entry) this.add({ ...entry, name });
  }

  forgetNode(nodeId: string) {
    for (const entry of [...this.byId.values()]) if (entry.nodeId === nodeId) this.drop(entry);
  }

  /** Containers on a node, running or not. */
  count(nodeId: string): number {
    return this.counts.get(nodeId) ?? 0;
  }

  named(name: string): Owned | undefined {
    return this.byName.get(name);
  }

  /**
   * Looks as Docker does: a whole id, then a name, then the beginning of an id if only one has it.
   * `nodeId` narrows it to one node.
   */
  find(reference: string, nodeId?: string): Found {
    const name = reference.replace(/^\//, '');
    const fits = (entry: Entry | undefined) =>
      entry && (nodeId === undefined || entry.nodeId === nodeId) ? entry : undefined;
    const whole = fits(this.byId.get(name)) ?? fits(this.byName.get(name));
    if (whole) return { kind: 'one', owned: whole };
    if (!/^[0-9a-f]{1,63}$/.test(name)) return { kind: 'none' };
    let only: Entry | undefined;
    for (const entry of this.byId.values()) {
      if (!entry.id.startsWith(name) || !fits(entry)) continue;
      if (only) return { kind: 'ambiguous' };
      only = entry;
    }
    return only ? { kind: 'one', owned: only } : { kind: 'none' };
  }

  private drop(entry: Entry) {
    this.byId.delete(entry.id);
    if (this.byName.get(entry.name) === entry) this.byName.delete(entry.name);
    this.counts.set(entry.nodeId, this.count(entry.nodeId) - 1);
  }
}

/** The name among those in a list of containers; links add others, of the form `/a/alias`. */
export function primaryName(names: readonly string[] | null): string {
  const own = names?.find((name) => name.lastIndexOf('/') === 0) ?? names?.[0] ?? '';
  return own.replace(/^\//, '');
}
