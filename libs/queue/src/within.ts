/**
 * Waits for `work`, but no longer than `ms`. What it throws is of no interest: this is for closing,
 * which BullMQ does not finish while Redis is away.
 */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}
