/** What a client prefers to wait (RFC 7240). */
export interface Preference {
  /** Milliseconds to wait for the outcome; null for as long as it takes. */
  waitMs: number | null;
  /** Value of `Preference-Applied`, when a preference was honoured. */
  applied?: string;
}

/**
 * Reads `Prefer: respond-async` and `Prefer: wait=N` (seconds); with both, N is waited first. What is
 * malformed or unknown is ignored, as the RFC has it.
 */
export function preferenceOf(header: string | string[] | undefined): Preference {
  const parts = [header ?? []].flat().join(',').split(/[,;]/);
  const names = parts.map((part) => part.trim().toLowerCase());
  const wait = names.map((name) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(name)?.[1]).find(Boolean);
  if (wait !== undefined) return { waitMs: Number(wait) * 1000, applied: `wait=${wait}` };
  if (names.includes('respond-async')) return { waitMs: 0, applied: 'respond-async' };
  return { waitMs: null };
}
