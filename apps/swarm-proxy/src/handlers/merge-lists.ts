/** Pure functions that make one answer of many engines'. */

export interface ListedContainer {
  Id: string;
  Created: number;
  [more: string]: unknown;
}

/** Newest first, as an engine lists them; `limit` counts for the cluster. */
export function mergeContainers(
  lists: readonly (readonly ListedContainer[])[],
  limit?: number,
): ListedContainer[] {
  const all = lists.flat().sort((one, other) => other.Created - one.Created);
  return limit !== undefined && limit > 0 ? all.slice(0, limit) : all;
}

export interface ListedImage {
  Id: string;
  Created: number;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Containers: number;
  [more: string]: unknown;
}

/** One entry an image, with the tags that it has anywhere. */
export function mergeImages(lists: readonly (readonly ListedImage[])[]): ListedImage[] {
  const byId = new Map<string, ListedImage>();
  for (const image of lists.flat()) {
    const known = byId.get(image.Id);
    if (!known) {
      byId.set(image.Id, { ...image });
      continue;
    }
    known.RepoTags = mergeTags(known.RepoTags, image.RepoTags);
    known.RepoDigests = mergeTags(known.RepoDigests, image.RepoDigests);
    // -1: not counted.
    if (known.Containers >= 0 && image.Containers >= 0) known.Containers += image.Containers;
  }
  return [...byId.values()].sort((one, other) => other.Created - one.Created);
}

/** `<none>:<none>` on one node gives way to a tag on another. */
function mergeTags(one: string[] | null, other: string[] | null): string[] | null {
  if (!one || !other) return one ?? other;
  const all = [...new Set([...one, ...other])];
  const real = all.filter((tag) => !tag.startsWith('<none>'));
  return real.length > 0 ? real : all;
}

export interface ListedNetwork {
  Id: string;
  Name: string;
  Scope: string;
  [more: string]: unknown;
}

const BUILT_IN = new Set(['bridge', 'host', 'none', 'docker_gwbridge']);

/** What spans the cluster, and what every engine brings with it, once; others as they are. */
export function mergeNetworks(lists: readonly (readonly ListedNetwork[])[]): ListedNetwork[] {
  const byKey = new Map<string, ListedNetwork>();
  for (const network of lists.flat()) {
    const builtIn = network.Scope === 'local' && BUILT_IN.has(network.Name);
    const key = builtIn ? `built-in ${network.Name}` : network.Id;
    if (!byKey.has(key)) byKey.set(key, network);
  }
  return [...byKey.values()];
}

/** Prune reports and disk usage: lists are joined, numbers added up, the rest is the first's. */
export function mergeReports(reports: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const report of reports) {
    for (const [key, value] of Object.entries(report)) {
      const known: unknown = merged[key];
      if (Array.isArray(known) && Array.isArray(value)) {
        merged[key] = (known as unknown[]).concat(value);
      } else if (typeof known === 'number' && typeof value === 'number')
        merged[key] = known + value;
      else merged[key] = known ?? value;
    }
  }
  return merged;
}
