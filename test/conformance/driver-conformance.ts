import type { Harness } from './harness';
import { describeCredentials } from './suites/credentials';
import { describeEnvironment } from './suites/environment';
import { describeLaunching } from './suites/launching';
import { describeObserving } from './suites/observing';
import { describeOwnership } from './suites/ownership';
import { describePower } from './suites/power';
import { describeRefusals } from './suites/refusals';
import { World } from './world';

/** Makes a world in which nothing has happened yet. */
export type NewWorld = () => Promise<World>;

/** What every driver has to do, whatever its cloud. Registers the tests. */
export function describeDriver(harness: Harness): void {
  jest.setTimeout(60_000);
  const open: World[] = [];
  const newWorld: NewWorld = async () => {
    const world = await World.at(harness);
    open.push(world);
    return world;
  };
  beforeAll(() => harness.start(), 30_000);
  afterAll(() => harness.stop());
  afterEach(async () => {
    for (const world of open.splice(0)) world.close();
    await harness.setFaults({});
  });
  describeCredentials(harness, newWorld);
  describeEnvironment(harness, newWorld);
  describeLaunching(harness, newWorld);
  describeObserving(harness, newWorld);
  describePower(harness, newWorld);
  describeRefusals(harness, newWorld);
  describeOwnership(harness, newWorld);
}
