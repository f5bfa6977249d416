import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { eventually, failureOf, type World } from '../world';

export function describeLaunching(harness: Harness, newWorld: NewWorld): void {
  const { region } = harness;
  const ids = (servers: readonly { id: string }[]) => servers.map(({ id }) => id).sort();

  describe('a launch', () => {
    it.each([1, 3, 12])('of %d makes that many, and says what they are for', async (count) => {
      const world = await newWorld();
      const batch = await world.batch(count);
      const servers = await world.launch(batch);
      expect(servers).toHaveLength(count);
      for (const server of servers)
        expect(server).toMatchObject({
          launchId: batch.launchId,
          environmentId: world.environmentId,
          size: harness.size,
        });
      expect(ids(await world.things('server'))).toEqual(ids(servers));
      const named = servers.flatMap(({ name }) =>
        name && batch.names.includes(name) ? [name] : [],
      );
      expect(new Set(named).size).toBe(named.length);
    });

    it('is carried out in the zone that was asked for', async () => {
      const world = await newWorld();
      const zone = (await world.driver.zones(region, harness.size)).at(-1) ?? null;
      const [server] = await world.launch(await world.batch(1, { zone }));
      expect(server?.zone ?? null).toBe(zone);
    });

    it('that is repeated answers the same servers', async () => {
      const world = await newWorld();
      const batch = await world.batch(12);
      const servers = await world.launch(batch);
      expect(ids(await world.launch(batch, false))).toEqual(ids(servers));
      expect(await world.things('server')).toHaveLength(12);
    });

    it('makes exactly its servers when a reply is lost and it is tried again', async () => {
      const world = await newWorld();
      const batch = await world.batch(12);
      await harness.setFaults({ lostReplies: { call: 'launch', count: 2 } });
      const failure = await failureOf(world.launch(batch));
      if (failure) expect(failure.temporary).toBe(true);
      await againUntilDone(world, batch);
      expect(await world.things('server')).toHaveLength(12);
    });

    it('makes exactly its servers when they are not seen at first', async () => {
      const world = await newWorld();
      const batch = await world.batch(3);
      await harness.setFaults({
        lostReplies: { call: 'launch', count: 2 },
        visibilityDelayMs: 400,
      });
      const failure = await failureOf(world.launch(batch));
      if (failure) expect(failure.temporary).toBe(true);
      // A cloud that has to be looked at is given the time that the driver asks for; here it is less.
      if (world.driver.launchSettlesMs > 0) await new Promise((wake) => setTimeout(wake, 600));
      await againUntilDone(world, batch);
      expect(await world.things('server')).toHaveLength(3);
    });

    it('is made once by two attempts, at the same time where the cloud knows a repeat', async () => {
      const world = await newWorld();
      const batch = await world.batch(3);
      const attempts =
        world.driver.launchSettlesMs === 0
          ? await Promise.all([world.launch(batch), world.launch(batch, false)])
          : [await world.launch(batch), await world.launch(batch, false)];
      expect(ids(attempts[0] ?? [])).toEqual(ids(attempts[1] ?? []));
      expect(await world.things('server')).toHaveLength(3);
    });

    it('that comes too late makes nothing, unless the cloud would know it again', async () => {
      const world = await newWorld();
      const batch = await world.batch(2);
      const failure = await failureOf(world.launch(batch, true, AbortSignal.abort()));
      if (world.driver.launchSettlesMs > 0) {
        expect(failure?.temporary).toBe(true);
        expect(await world.things('server')).toEqual([]);
      }
      await againUntilDone(world, batch);
      expect(await world.things('server')).toHaveLength(2);
    });

    it('shows a name, and another one later', async () => {
      const world = await newWorld();
      const names = ['acme-app-env-first'];
      const [server] = await world.running(1, { names });
      const shown = async () =>
        (await world.driver.find(region, [server?.id ?? '']))[0]?.name ?? '';
      expect(await shown()).toMatch(/^acme-app-env-first/);
      await world.driver.rename(region, server?.id ?? '', 'acme-app-env-second');
      await eventually(async () => /^acme-app-env-second/.test(await shown()));
    });
  });

  async function againUntilDone(world: World, batch: Awaited<ReturnType<World['batch']>>) {
    await eventually(async () => {
      const failure = await failureOf(world.launch(batch, false));
      if (failure && !failure.temporary) throw failure;
      return !failure;
    });
    expect(await world.launch(batch, false)).toHaveLength(batch.names.length);
  }
}
