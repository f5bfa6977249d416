import { LaunchRepository } from './launch.repository';
import { NodeRepository } from './node.repository';
import { describeWithPostgres, OwnDatabase } from './testing/own-database';

const PLACE = { size: 's', image: 'i', zone: null };

describeWithPostgres('launches', () => {
  let own: OwnDatabase;
  let launches: LaunchRepository;
  let nodes: NodeRepository;

  beforeAll(async () => {
    own = await OwnDatabase.create();
    launches = new LaunchRepository(own.database);
    nodes = new NodeRepository(own.database);
  });
  afterAll(() => own.drop());

  async function planned() {
    const environment = await own.environment(await own.provider());
    const node = await own.node(environment, 'requested');
    const launch = await launches.create(environment, [node], PLACE);
    if (!launch) throw new Error('no launch');
    const row = await nodes.find(node.id);
    if (!row) throw new Error('no node');
    return { environment, node: row, launch };
  }
  const stateOf = async (id: string) =>
    (await own.database.client.launch.findUniqueOrThrow({ where: { id } })).state;

  it('are written down with their nodes before anything is sent', async () => {
    const { launch, node } = await planned();
    expect([launch.attempt, launch.sentAt]).toEqual([0, null]);
    expect([node.phase, node.launchId]).toEqual(['launching', launch.id]);
    expect(await launches.create(node.environmentId, [node], PLACE)).toBeNull();
  });

  it('are sent by one of many workers at a time', async () => {
    const { launch } = await planned();
    const claims = await Promise.all(
      Array.from({ length: 5 }, () => launches.claim(launch, 60_000)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const claimed = { ...launch, attempt: 1 };
    expect(await launches.claim(claimed, 60_000)).toBe(false);
    // What was sent is certain to have come to whatever it comes to.
    expect(await launches.claim(claimed, 0)).toBe(true);
  });

  it('can be sent again at once when all that was sent has been answered', async () => {
    const { launch } = await planned();
    await launches.claim(launch, 60_000);
    await launches.release(launch);
    expect(await launches.claim({ ...launch, attempt: 1 }, 60_000)).toBe(true);
    // Late: another attempt has begun.
    await launches.release(launch);
    expect(await launches.claim({ ...launch, attempt: 2 }, 60_000)).toBe(false);
  });

  it('are closed as refused with their nodes, or not at all', async () => {
    const { launch, node } = await planned();
    const change = { node, patch: { phase: 'requested', launchId: null } } as const;
    await launches.claim(launch, 0);
    const stale = { ...change, node: { ...node, version: node.version - 1 } };
    expect((await nodes.saveAll([change, stale], launches.refused(launch))).size).toBe(0);
    expect([await stateOf(launch.id), (await nodes.find(node.id))?.launchId]).toEqual([
      'pending',
      launch.id,
    ]);
    expect((await nodes.saveAll([change], launches.refused(launch))).size).toBe(1);
    expect([await stateOf(launch.id), (await nodes.find(node.id))?.launchId]).toEqual([
      'failed',
      null,
    ]);
  });

  it('are not closed by a worker after which another has begun', async () => {
    const { launch, node } = await planned();
    await launches.claim(launch, 0);
    await launches.claim({ ...launch, attempt: 1 }, 0);
    const change = { node, patch: { phase: 'requested', launchId: null } } as const;
    expect((await nodes.saveAll([change], launches.refused(launch))).size).toBe(0);
    expect(await stateOf(launch.id)).toBe('pending');
  });

  it('of a version that did not count its attempts may have been sent', async () => {
    const environment = await own.environment(await own.provider());
    await own.database.client.$executeRaw`
      INSERT INTO "Launch" (id, "environmentId", size, count) VALUES ('old', ${environment}, 's', 1)`;
    const row = await own.database.client.launch.findUniqueOrThrow({ where: { id: 'old' } });
    expect(row.attempt).toBe(1);
  });
});
