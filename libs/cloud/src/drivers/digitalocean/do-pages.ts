import { instance } from 'digitalocean-js/src/lib/axios-instance';

/** As many as DigitalOcean gives at once. */
export const PAGE_SIZE = 200;
/** Accounts in which more is going on are read as they are. */
const MOST_PASSES = 5;

/** What every list answers, besides the items under the list's own name. */
interface Page {
  links?: { pages?: { next?: string } };
  meta?: { total: number };
}

/** Whatever is listed has one of them. */
interface Named {
  id?: number | string;
  slug?: string | null;
  name?: string;
}

export type Query = Record<string, string | number | undefined>;

/** One page of a list; digitalocean-js cannot ask for any but the first. */
export async function readPage<T>(path: string, key: string, query: Query, page: number) {
  const params = { ...query, page, per_page: PAGE_SIZE };
  const { data } = await instance.get<Page & Record<string, T[] | undefined>>(path, { params });
  const items = data[key];
  if (!items) throw new Error(`The answer has no ${key}.`);
  return { items, isLast: !data.links?.pages?.next, total: data.meta?.total };
}

/**
 * All of a list, each item once. Pages are counted, not marked: what is deleted meanwhile moves the
 * rest forward, and one that was to come next is then not seen. Where that matters, see `readSteady`.
 */
export async function readAll<T extends Named>(
  path: string,
  key: string,
  query: Query = {},
): Promise<T[]> {
  return (await readOnce<T>(path, key, query)).items;
}

/** The same for lists in which nothing may be missed: read again while they change under our hands. */
export async function readSteady<T extends Named>(path: string, key: string): Promise<T[]> {
  for (let pass = 1; ; pass += 1) {
    const { items, isSteady } = await readOnce<T>(path, key, {});
    if (isSteady || pass === MOST_PASSES) return items;
  }
}

async function readOnce<T extends Named>(path: string, key: string, query: Query) {
  const found = new Map<unknown, T>();
  const totals = new Set<number | undefined>();
  for (let page = 1; ; page += 1) {
    const { items, isLast, total } = await readPage<T>(path, key, query, page);
    totals.add(total);
    for (const item of items) found.set(item.id ?? item.slug ?? item.name, item);
    if (isLast) return { items: [...found.values()], isSteady: totals.size === 1 };
  }
}
