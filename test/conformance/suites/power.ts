import type { NewWorld } from '../driver-conformance';
import type { Harness } from '../harness';
import { eventually, failureOf } from '../world';

export function describePower(harness: Harness, newWorld: NewWorld): void {
  const { region, unknownServer } = harness;

  describe('stopping, starting and terminating', () => {
    it('stops and starts, and may be asked again at any time', async () => {
      const world = await newWorld();
      const servers = await world.running(2);
      const ids = servers.map(({ id }) => id);
      const stopping = await world.driver.stop(region, ids);
      expect(stopping).toHaveLength(2);
      for (const change of stopping)
        expect(change).toMatchObject({ previous: 'running', current: 'stopping' });
      for (const { current } of await world.driver.stop(region, ids))
        expect(['stopping', 'stopped']).toContain(current);
      await world.untilAll(servers, 'stopped');
      expect(await world.driver.stop(region, ids)).toMatchObject([
        { current: 'stopped' },
        { current: 'stopped' },
      ]);
      for (const change of await world.driver.start(region, ids))
        expect(change).toMatchObject({ previous: 'stopped', current: 'pending' });
      const [back] = await world.untilAll(servers, 'running');
      expect(back?.publicIp).toMatch(/^[\d.]+$/);
      expect(await world.driver.start(region, ids)).toMatchObject([
        { current: 'running' },
        { current: 'running' },
      ]);
    });

    it('leaves out what the cloud does not know, and does the rest', async () => {
      const world = await newWorld();
      const [server] = await world.running();
      const ids = [unknownServer, server?.id ?? ''];
      expect(await world.driver.stop(region, ids)).toMatchObject([{ id: server?.id }]);
      await world.untilAll([{ id: server?.id ?? '' }], 'stopped');
      expect(await world.driver.start(region, ids)).toMatchObject([{ id: server?.id }]);
      await world.untilAll([{ id: server?.id ?? '' }], 'running');
      expect(await world.driver.terminate(region, ids)).toMatchObject([
        { id: server?.id, previous: 'running', current: 'shutting-down' },
      ]);
      expect(await world.driver.stop(region, [unknownServer])).toEqual([]);
    });

    it('terminates once, and does not mind being asked again', async () => {
      const world = await newWorld();
      const servers = await world.running(2);
      await world.terminate(servers);
      await world.terminate(servers);
      await eventually(async () => (await world.things('server')).length === 0);
    });

    it('calls a server that is busy a conflict, and gets there later', async () => {
      const world = await newWorld();
      await harness.setFaults({ bootDelayMs: 700 });
      const servers = await world.launch(await world.batch(1));
      const ids = servers.map(({ id }) => id);
      expect(await failureOf(world.driver.stop(region, ids))).toMatchObject({ code: 'conflict' });
      await world.untilAll(servers, 'running');
      await world.driver.stop(region, ids);
      const early = await failureOf(world.driver.start(region, ids));
      if (early) expect(early.code).toBe('conflict');
      await world.terminate(servers);
    });

    it('stops a server whose guest does not heed the request', async () => {
      const world = await newWorld();
      const servers = await world.running();
      await harness.setFaults({ shutdownIgnored: true });
      await eventually(async () => {
        await world.driver.stop(
          region,
          servers.map(({ id }) => id),
        );
        const [server] = await world.driver.find(
          region,
          servers.map(({ id }) => id),
        );
        return server?.state === 'stopped';
      });
    });

    it('finds out by looking again what a lost reply was about', async () => {
      const world = await newWorld();
      const servers = await world.running();
      const ids = servers.map(({ id }) => id);
      await harness.setFaults({ lostReplies: { call: 'stop', count: 1 } });
      const stopped = await failureOf(world.driver.stop(region, ids));
      if (stopped) expect(stopped.temporary).toBe(true);
      await eventually(async () => {
        const answers = await world.driver.stop(region, ids);
        return answers[0]?.current === 'stopped';
      });
      await harness.setFaults({ lostReplies: { call: 'delete server', count: 1 } });
      const ended = await failureOf(world.driver.terminate(region, ids));
      if (ended) expect(ended.temporary).toBe(true);
      await world.terminate(servers);
    });
  });
}
