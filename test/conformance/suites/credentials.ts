import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { failureOf } from '../world';

export function describeCredentials(harness: Harness, newWorld: NewWorld): void {
  const { region, size } = harness;

  describe('credentials and what a cloud offers', () => {
    it('says whose account it is', async () => {
      const { driver } = await newWorld();
      const { account } = await driver.verifyCredentials();
      expect(account).not.toBe('');
      expect(await driver.verifyCredentials()).toEqual({ account });
    });

    it('tells credentials that nobody knows from those that lack a permission', async () => {
      const { driver, account } = await newWorld();
      await harness.refuse(account, 'forbidden');
      expect(await failureOf(driver.verifyCredentials())).toMatchObject({
        code: 'permission_denied',
      });
      await harness.refuse(account, 'unknown');
      expect(await failureOf(driver.verifyCredentials())).toMatchObject({
        code: 'credentials_refused',
      });
      expect(await failureOf(driver.observe(region))).toMatchObject({
        code: 'credentials_refused',
      });
    });

    it('lists regions, and sizes by category', async () => {
      const { driver } = await newWorld();
      const { locations, sizes } = await driver.metadata();
      expect(locations[region]).toEqual({
        endpoint: expect.any(String) as unknown,
        name: expect.any(String) as unknown,
      });
      const found = Object.values(sizes).find((category) => size in category)?.[size];
      expect(found).toEqual({
        id: size,
        cores: expect.stringMatching(/^\d+$/) as unknown,
        ram: expect.stringMatching(/^[\d.]+ GiB$/) as unknown,
        disk: expect.any(String) as unknown,
      });
    });

    it('finds an image for a size, and says so when the region does not have the size', async () => {
      const { driver } = await newWorld();
      expect(await driver.findImage(region, size)).not.toBe('');
      const failure = await failureOf(driver.findImage(region, 'no-such.size'));
      expect(failure).toMatchObject({ code: 'invalid_request' });
      expect(failure?.message).toContain(region);
    });

    it('names the zones that have a size in one order', async () => {
      const { driver } = await newWorld();
      const zones = await driver.zones(region, size);
      expect(zones).toEqual([...new Set(zones)].sort());
    });

    it('is asked once for what it offers, however many want to know at once or soon after', async () => {
      const { driver } = await newWorld();
      const ask = () => Promise.all([driver.findImage(region, size), driver.zones(region, size)]);
      const [answer, same] = await Promise.all([ask(), ask()]);
      expect(same).toEqual(answer);
      const before = await harness.calls();
      expect(await ask()).toEqual(answer);
      expect(await harness.calls()).toBe(before);
    });
  });
}
