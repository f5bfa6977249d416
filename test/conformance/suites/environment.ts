import type { NewWorld } from '../driver-conformance';
import type { Harness, NamedCall } from '../harness';
import { eventually, failureOf } from '../world';

export function describeEnvironment(harness: Harness, newWorld: NewWorld): void {
  const { region } = harness;

  describe('what an environment needs besides servers', () => {
    it('is made once, however often it is asked for', async () => {
      const world = await newWorld();
      const resources = await world.prepare();
      expect(await world.prepare()).toEqual(resources);
      expect(await world.things('firewall')).toHaveLength(1);
      expect(await world.things('ssh_key')).toHaveLength(1);
    });

    it('is made once by two that ask at the same time', async () => {
      const world = await newWorld();
      await Promise.allSettled([world.prepare(), world.prepare()]);
      const resources = await world.prepare();
      expect(await world.prepare()).toEqual(resources);
      expect(await world.things('firewall')).toHaveLength(1);
      expect(await world.things('ssh_key')).toHaveLength(1);
    });

    it('opens more ports when they are asked for, and closes none', async () => {
      const world = await newWorld();
      const resources = await world.prepare([[80, 80]]);
      expect(
        await world.prepare([
          [443, 443],
          [8000, 8100],
        ]),
      ).toEqual(resources);
      expect((await harness.openPorts(world.account)).sort()).toEqual(['443', '80', '8000-8100']);
    });

    it.each<NamedCall>(['add key', 'add firewall', 'open port'])(
      'is found again when the reply to “%s” was lost',
      async (call) => {
        const world = await newWorld();
        if (call === 'open port') await world.prepare();
        await harness.setFaults({ lostReplies: { call, count: 1 } });
        const ports = [
          [80, 80],
          [443, 443],
        ] as const;
        const failure = await failureOf(world.prepare(ports));
        if (failure) expect(failure.temporary).toBe(true);
        await world.prepare(ports);
        expect(await world.things('firewall')).toHaveLength(1);
        expect(await world.things('ssh_key')).toHaveLength(1);
        expect((await harness.openPorts(world.account)).sort()).toEqual(['443', '80']);
      },
    );

    it('stays while a server uses it, and then goes without a trace', async () => {
      const world = await newWorld();
      await harness.setFaults({ disksStay: true });
      const servers = await world.running(2);
      // Tags may take a while to be seen.
      await eventually(async () => (await world.driver.observe(region)).length === 2);
      const { environmentId, driver } = world;
      expect(await failureOf(driver.cleanup(region, environmentId))).toMatchObject({
        code: 'conflict',
      });
      await world.terminate(servers);
      await eventually(async () => !(await failureOf(driver.cleanup(region, environmentId))));
      await eventually(async () => (await harness.things(world.account)).length === 0);
      await driver.cleanup(region, environmentId);
    });

    it('leaves another environment’s things alone when it goes', async () => {
      const world = await newWorld();
      const [server] = await world.running();
      await eventually(async () => (await world.driver.observe(region)).length === 1);
      const before = await harness.things(world.account);
      await world.driver.cleanup(region, 'f'.repeat(24));
      expect(await harness.things(world.account)).toEqual(before);
      expect(await world.driver.observe(region)).toMatchObject([{ id: server?.id }]);
    });
  });
}
