/**
 * Milliseconds to wait before attempt `attempts + 1`: doubling from `baseMs` up to `maxMs`, with
 * the upper half random ("equal jitter"), so that nodes which failed together do not return together.
 */
export function backoffMs(
  attempts: number,
  { baseMs = 1000, maxMs = 60_000, random = Math.random } = {},
): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempts, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
