import { newId } from '@cloudhero/domain';
import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { eventually } from '../world';

/** More than any cloud shows on one page. */
const MANY = 1050;
const LARGEST_BATCH = 200;

export function describeObserving(harness: Harness, newWorld: NewWorld): void {
  const { region } = harness;

  describe('observing', () => {
    it('shows servers with their marks and addresses, though maybe not at once', async () => {
      const world = await newWorld();
      await harness.setFaults({ visibilityDelayMs: 400 });
      const batch = await world.batch(2);
      const launched = await world.launch(batch);
      const seen = await eventually(async () => {
        const servers = await world.driver.observe(region);
        return servers.length === 2 && servers.every((it) => it.state === 'running') && servers;
      });
      expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(launched.map(({ id }) => id)));
      for (const server of seen)
        expect(server).toMatchObject({
          launchId: batch.launchId,
          environmentId: world.environmentId,
          size: harness.size,
          image: batch.image,
          publicIp: expect.stringMatching(/^[\d.]+$/) as unknown,
          privateIp: expect.stringMatching(/^[\d.]+$/) as unknown,
        });
      expect(
        await world.driver.find(region, [...launched.map(({ id }) => id), harness.unknownServer]),
      ).toHaveLength(2);
    });

    it('shows what changed since it last looked', async () => {
      const world = await newWorld();
      const [one, two] = await world.running(2);
      await eventually(async () => (await world.driver.observe(region)).length === 2);
      await world.terminate([{ id: one?.id ?? '' }]);
      await eventually(async () => {
        const left = (await world.driver.observe(region)).filter((it) => it.state === 'running');
        return left.length === 1 && left[0]?.id === two?.id;
      });
    });

    it('shows one environment, some of them, or none', async () => {
      const world = await newWorld();
      const other = newId();
      await world.launch(await world.batch(2));
      await world.launch(await world.batch(1, { environmentId: other }));
      await eventually(async () => (await world.driver.observe(region)).length === 3);
      const count = async (environments: string[]) =>
        (await world.driver.observe(region, environments)).length;
      expect(await count([world.environmentId])).toBe(2);
      expect(await count([other])).toBe(1);
      expect(await count([world.environmentId, other])).toBe(3);
      expect(await count(Array.from({ length: 300 }, () => newId()).concat(other))).toBe(1);
      expect(await count([newId()])).toBe(0);
      expect(await count([])).toBe(0);
    });

    it('shows nothing of another installation’s, or of another region', async () => {
      const world = await newWorld();
      await world.launch(await world.batch(1));
      await eventually(async () => (await world.driver.observe(region)).length === 1);
      expect(await world.stranger().observe(region)).toEqual([]);
      const regions = Object.keys((await world.driver.metadata()).locations);
      const elsewhere = regions.find((name) => name !== region) ?? '';
      expect(await world.driver.observe(elsewhere)).toEqual([]);
    });

    it('shows each of more than a thousand servers once', async () => {
      const world = await newWorld();
      const template = await world.batch(1);
      const launched: string[] = [];
      for (let start = 0; start < MANY; start += LARGEST_BATCH) {
        const count = Math.min(LARGEST_BATCH, MANY - start);
        const names = Array.from({ length: count }, (_, index) => `many-${start + index}`);
        const servers = await world.launch({ ...template, launchId: newId(), names });
        launched.push(...servers.map(({ id }) => id));
      }
      const seen = await eventually(async () => {
        const servers = await world.driver.observe(region);
        return servers.length === MANY && servers;
      });
      expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(launched));
      // The same again, from what was kept of the last look.
      expect(await world.driver.observe(region)).toHaveLength(MANY);
    });
  });
}
