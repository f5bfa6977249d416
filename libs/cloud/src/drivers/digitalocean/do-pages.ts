import { instance } from 'digitalocean-js/src/lib/axios-instance';

/** As many as DigitalOcean gives at once. */
export const PAGE_SIZE = 200;

/** What every list answers, the items under the list's own name. */
interface Page {
  links?: { pages?: { next?: string } };
}

/** Whatever is listed has one of them. */
interface Named {
  id?: number | string;
  slug?: string | null;
  name?: string;
}

export type Query = Record<string, string | number | undefined>;

/** One page of a list; digitalocean-js cannot ask for any but the first. */
export async function readPage<T>(
  path: string,
  key: string,
  query: Query,
  page: number,
): Promise<{ items: T[]; isLast: boolean }> {
  const params = { ...query, page, per_page: PAGE_SIZE };
  const { data } = await instance.get<Page & Record<string, T[] | undefined>>(path, { params });
  return { items: data[key] ?? [], isLast: !data.links?.pages?.next };
}

/**
 * All of a list, each item once. Pages are counted, not marked: what is deleted meanwhile moves the
 * rest forward, and one that was to come next is then not seen.
 */
export async function readAll<T extends Named>(
  path: string,
  key: string,
  query: Query = {},
): Promise<T[]> {
  const found = new Map<unknown, T>();
  for (let page = 1; ; page += 1) {
    const { items, isLast } = await readPage<T>(path, key, query, page);
    for (const item of items) found.set(item.id ?? item.slug ?? item.name, item);
    if (isLast) return [...found.values()];
  }
}
