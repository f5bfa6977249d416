/** A part of a list, in the order of ids. `cursor` is the id after which it begins ('' for the first). */
export interface PageRequest {
  limit: number;
  cursor: string;
}

export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null on the last. */
  next: string | null;
}

/** Makes a page of `limit + 1` rows that were asked for: the one too many says that more follow. */
export function pageOf<T extends { id: string }>(rows: T[], { limit }: PageRequest): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
