import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { eventually, failureOf } from '../world';

/** Servers first: the others are in use until they are gone. */
const ORDER = ['server', 'firewall', 'ssh_key', 'volume', 'tag'];

export function describeOwnership(harness: Harness, newWorld: NewWorld): void {
  const { region } = harness;

  describe('what carries the installation’s mark', () => {
    it('is listed with its environment, and nothing of another installation’s', async () => {
      const world = await newWorld();
      const batch = await world.batch(1);
      const [server] = await world.launch(batch);
      const owned = await eventually(async () => {
        const list = await world.driver.listOwned(region);
        return list.some(({ kind }) => kind === 'server') && list;
      });
      expect(new Set(owned.map(({ kind }) => kind))).toEqual(new Set(harness.kinds));
      for (const { environmentId } of owned) expect(environmentId).toBe(world.environmentId);
      expect(owned.find(({ kind }) => kind === 'server')).toMatchObject({
        id: server?.id,
        launchId: batch.launchId,
        createdAt: expect.any(Date) as unknown,
      });
      expect(await world.stranger().listOwned(region)).toEqual([]);
    });

    it('can be deleted one by one until nothing is left', async () => {
      const world = await newWorld();
      await harness.setFaults({ disksStay: true });
      await world.running(2);
      await eventually(async () => (await world.driver.observe(region)).length === 2);
      await eventually(async () => {
        const owned = await world.driver.listOwned(region);
        const ordered = owned.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
        for (const resource of ordered) {
          const failure = await failureOf(world.driver.deleteOwned(region, resource));
          if (failure && failure.code !== 'conflict') throw failure;
        }
        return owned.length === 0;
      });
      await eventually(async () => (await harness.things(world.account)).length === 0);
    });

    it('is not deleted while something uses it, and deleting it twice is no error', async () => {
      const world = await newWorld();
      const servers = await world.running();
      await eventually(async () => (await world.driver.observe(region)).length === 1);
      const owned = await world.driver.listOwned(region);
      const used = owned.find(({ kind, name }) =>
        harness.kinds.includes('tag')
          ? kind === 'tag' && name.includes('environment')
          : kind === 'firewall',
      );
      if (!used) throw new Error('There is nothing that the server uses');
      expect(await failureOf(world.driver.deleteOwned(region, used))).toMatchObject({
        code: 'conflict',
      });
      await world.terminate(servers);
      await eventually(async () => !(await failureOf(world.driver.deleteOwned(region, used))));
      await world.driver.deleteOwned(region, used);
    });
  });
}
