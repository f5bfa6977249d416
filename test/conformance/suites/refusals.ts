import { CloudHeroError } from '@cloudhero/domain';
import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { eventually, failureOf, type World } from '../world';

export function describeRefusals(harness: Harness, newWorld: NewWorld): void {
  const { region } = harness;

  describe('a cloud that refuses', () => {
    it('for its quota leaves nothing of the batch', async () => {
      const world = await newWorld();
      const batch = await world.batch(12);
      await harness.setFaults({ quota: 11 });
      expect(await untilDefinite(world, batch)).toMatchObject({
        code: 'quota_exceeded',
        temporary: false,
      });
      await eventually(async () => (await world.things('server')).length === 0);
    });

    it('for want of room leaves nothing of the batch', async () => {
      const world = await newWorld();
      const batch = await world.batch(2);
      await harness.setFaults({ exhausted: {} });
      expect(await untilDefinite(world, batch)).toMatchObject({ code: 'capacity_unavailable' });
      await eventually(async () => (await world.things('server')).length === 0);
    });

    it('for want of room after all shows it on the servers', async () => {
      const world = await newWorld();
      const batch = await world.batch(2);
      await harness.setFaults({ exhausted: { asynchronous: true } });
      const ids = (await world.launch(batch)).map(({ id }) => id);
      expect(ids).toHaveLength(2);
      const lost = await eventually(async () => {
        const servers = await world.driver.find(region, ids);
        return servers.length === 2 && servers.every((it) => it.state === 'terminated') && servers;
      });
      for (const server of lost) expect(server.lostFor).toBe('capacity');
    });

    it('a size that it does not have does so for good', async () => {
      const world = await newWorld();
      const failure = await untilDefinite(world, await world.batch(1, { size: 'no-such.size' }));
      expect(failure).toMatchObject({ code: 'invalid_request', temporary: false });
    });

    it('for the rate is obeyed: everybody with the key goes slower', async () => {
      const world = await newWorld();
      const batch = await world.batch(1);
      await harness.setFaults({ throttledLaunches: 2 });
      const failure = await failureOf(world.launch(batch));
      expect(failure).toMatchObject({ code: 'throttled', temporary: true });
      expect(world.budget.slowed.length).toBeGreaterThan(0);
      if (harness.tellsWhenToRetry) {
        expect(failure?.options.retryAfterMs).toBeGreaterThan(0);
        expect(world.budget.slowed[0]?.retryAfterMs).toBeGreaterThan(0);
      }
      await harness.setFaults({});
      expect(await world.launch(batch, false)).toHaveLength(1);
      expect(await world.things('server')).toHaveLength(1);
    });
  });

  describe('the budget of a credential', () => {
    it('is asked before each call, deleting before launching before looking', async () => {
      const world = await newWorld();
      const before = await harness.calls();
      const [server] = await world.running();
      world.budget.taken.length = 0;
      await world.driver.observe(region);
      expect(priorities(world)).toEqual(['poll']);
      await world.driver.stop(region, [server?.id ?? '']);
      expect(priorities(world)).toEqual(['launch']);
      await world.untilAll([{ id: server?.id ?? '' }], 'stopped');
      world.budget.taken.length = 0;
      await world.driver.terminate(region, [server?.id ?? '']);
      expect(priorities(world)).toEqual(['delete']);
      expect(await harness.calls()).toBeGreaterThan(before);
    });

    it('keeps a call from being made, and says when to come back', async () => {
      const world = await newWorld();
      const batch = await world.batch(1);
      const options = { retryAfterMs: 1234 };
      world.budget.refusal = new CloudHeroError('throttled', 'No more for now.', options);
      const before = await harness.calls();
      const calls = [
        world.launch(batch),
        world.driver.observe(region),
        world.driver.cleanup(region, world.environmentId),
      ];
      for (const call of calls)
        expect(await failureOf(call)).toMatchObject({ code: 'throttled', options });
      expect(await harness.calls()).toBe(before);
    });
  });

  const priorities = (world: World) => {
    const taken = world.budget.taken.splice(0);
    return [...new Set(taken.map(({ priority }) => priority))];
  };

  /** Tries as provisioner does until it is certain that nothing was made. */
  async function untilDefinite(world: World, batch: Awaited<ReturnType<World['batch']>>) {
    const definite = ['quota_exceeded', 'capacity_unavailable', 'invalid_request'];
    let first = true;
    return eventually(async () => {
      const failure = await failureOf(world.launch(batch, first));
      first = false;
      if (failure && !definite.includes(failure.code) && !failure.temporary) throw failure;
      return failure && definite.includes(failure.code) && failure;
    });
  }
}
