import { CloudHeroError } from '@cloudhero/domain';
import { setTimeout as sleep } from 'node:timers/promises';

/** @throws CloudHeroError when it does not come true in 15 s. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline)
      throw new CloudHeroError('cluster_failed', 'the cluster is slow');
    await sleep(250);
  }
}
