/** Calls under way at a time for one list of things: enough to be quick, too few to be a flood. */
const AT_ONCE = 8;

/** `work` for each item, in order of the items; the first failure ends it. */
export async function atOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  let hasFailed = false;
  const run = async () => {
    for (const [index, item] of rest) {
      if (hasFailed) return;
      results[index] = await work(item);
    }
  };
  const runs = Array.from({ length: Math.min(AT_ONCE, items.length) }, () =>
    run().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  // All of them come to rest first: nothing goes on after the caller has been told.
  const [failure] = (await Promise.allSettled(runs)).filter((it) => it.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}
