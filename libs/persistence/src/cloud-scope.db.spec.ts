import { newId, type ObservedServer } from '@cloudhero/domain';
import { CloudScopeRepository } from './cloud-scope.repository';
import { EnvironmentRepository } from './environment.repository';
import { describeWithPostgres, OwnDatabase } from './testing/own-database';

const server = (id: string, more: Partial<ObservedServer> = {}): ObservedServer => ({
  id,
  state: 'running',
  publicIp: '203.0.113.7',
  privateIp: '10.0.0.7',
  ...more,
});
const AS_SHOWN = { serverState: 'running', publicIp: '203.0.113.7', privateIp: '10.0.0.7' };

describeWithPostgres('what a cloud shows, held against the rows', () => {
  let own: OwnDatabase;
  let scopes: CloudScopeRepository;
  let providerId: string;
  let environmentId: string;

  beforeAll(async () => {
    own = await OwnDatabase.create();
    scopes = new CloudScopeRepository(own.database);
  });
  beforeEach(async () => {
    providerId = await own.provider();
    environmentId = await own.environment(providerId);
  });
  afterAll(() => own.drop());

  const scope = () => ({ providerId, region: 'here' });
  const differing = async (servers: ObservedServer[], only?: string[]) =>
    (await scopes.differing(scope(), servers, only)).map(({ id }) => id);
  const node = (serverId: string, more = {}) =>
    own.node(environmentId, 'ready', { providerServerId: serverId, ...AS_SHOWN, ...more });

  it('finds nothing where all is as it was, and each thing that is not', async () => {
    const ids = Array.from({ length: 6 }, newId);
    const [same = '', stopped = '', moved = '', gone = '', known = '', resized = ''] = ids;
    await node(same);
    const rows = [await node(stopped), await node(moved), await node(gone)];
    await node(known, { serverState: 'missing' });
    rows.push(await node(resized, { serverSize: 'small' }));
    const found = await differing([
      server(same),
      server(stopped, { state: 'stopped' }),
      server(moved, { publicIp: '203.0.113.8' }),
      server(resized, { size: 'large' }),
    ]);
    expect(found.sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('looks for the servers of some environments only where it was asked so', async () => {
    const other = await own.environment(providerId);
    await own.node(other, 'ready', { providerServerId: newId(), ...AS_SHOWN });
    const lost = await node(newId());
    expect(await differing([], [environmentId])).toEqual([lost.id]);
    expect(await differing([])).toHaveLength(2);
  });

  async function launch(state: string) {
    const id = newId();
    await own.database.client.launch.create({
      data: { id, environmentId, size: 's', count: 1, state },
    });
    return id;
  }

  it('knows a stray: of a launch that is over, on no node, and alive', async () => {
    const [settled, open] = [await launch('settled'), await launch('pending')];
    const [stray, taken] = [newId(), newId()];
    await node(taken);
    const strays = await scopes.strays(scope(), [
      server(stray, { launchId: settled }),
      server(taken, { launchId: settled }),
      server(newId(), { launchId: open }),
      server(newId(), { launchId: settled, state: 'terminated' }),
      // Of a launch that no row tells of: the rows may be an old copy, so it is not ours to delete.
      server(newId(), { launchId: newId() }),
      server(newId()),
    ]);
    expect(strays).toEqual([{ id: stray, environmentId }]);
  });

  it('finds the nodes that were given up on, and what was made for them all the same', async () => {
    const open = await launch('pending');
    const failed = await own.node(environmentId, 'failed', { launchId: open });
    const made = server(newId(), { launchId: open });
    const { nodes, servers } = await scopes.unclaimed(scope(), [made, server(newId())]);
    expect([nodes.map(({ id }) => id), servers]).toEqual([[failed.id], [made]]);
  });

  it('gives each scope to one of many workers, and forgets those in which nothing is', async () => {
    const empty = await own.provider();
    await own.database.client.cloudScope.createMany({
      data: [providerId, empty].map((id) => ({
        providerId: id,
        region: 'here',
        nextLookAt: new Date(0),
      })),
    });
    const claims = await Promise.all(Array.from({ length: 4 }, () => scopes.claimLooks(60_000)));
    expect(claims.flat()).toEqual([scope()]);
    expect(await own.database.client.cloudScope.count({ where: { providerId: empty } })).toBe(0);
  });

  it('serves cloud accounts in turn, however many environments one of them has', async () => {
    const busy = await own.provider();
    const due = { nextReconcileAt: new Date(0) };
    for (let index = 0; index < 5; index += 1) await own.environment(busy, due);
    const quiet = await own.environment(providerId, { nextReconcileAt: new Date(1000) });
    const served = await new EnvironmentRepository(own.database).due(2);
    expect(served.map(({ id }) => id)).toContain(quiet);
  });
});
