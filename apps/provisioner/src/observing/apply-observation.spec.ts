import { CloudHeroError, newId, type ObservedServer } from '@cloudhero/domain';
import type { DifferingNode } from '@cloudhero/persistence';
import { applyObservation, VISIBLE_AFTER_MS } from './apply-observation';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const LONG_AGO = newId(NOW - VISIBLE_AFTER_MS - 60_000);

const node = (given: Partial<DifferingNode> = {}) =>
  ({
    id: 'node',
    launchId: LONG_AGO,
    providerServerId: 'i-1',
    phase: 'ready',
    serverState: 'running',
    publicIp: '203.0.113.7',
    privateIp: '10.0.0.7',
    image: 'image',
    zone: 'zone',
    serverSize: 'small',
    lostFor: null,
    observedAt: null,
    repair: false,
    ...given,
  }) as DifferingNode;
const server = (given: Partial<ObservedServer> = {}): ObservedServer => ({
  id: 'i-1',
  state: 'running',
  publicIp: '203.0.113.7',
  privateIp: '10.0.0.7',
  ...given,
});

async function look(of: DifferingNode, servers: ObservedServer[], byId: ObservedServer[] = []) {
  const find = jest.fn(() => Promise.resolve(byId));
  const [change] = await applyObservation([of], {
    servers,
    region: 'here',
    find,
    now: NOW,
    pauseMs: 1,
  });
  return { change, find };
}

it('takes over what the cloud shows', async () => {
  const { change } = await look(node(), [server({ state: 'stopped' })]);
  expect(change?.patch).toMatchObject({ serverState: 'stopped', observedAt: new Date(NOW) });
});

it('believes that a server is gone only when it is not found by its id either', async () => {
  const flicker = await look(node(), [], [server()]);
  expect([flicker.change, flicker.find.mock.calls.length]).toEqual([undefined, 1]);
  expect((await look(node(), [])).change?.patch.serverState).toBe('missing');
});

it('waits for a new server to be shown', async () => {
  const fresh = node({ launchId: newId(NOW - 1000), serverState: 'pending' });
  const { change, find } = await look(fresh, []);
  expect([change, find.mock.calls.length]).toEqual([undefined, 0]);
});

it('leaves alone what somebody has found out since the look began', async () => {
  const started = node({ observedAt: new Date(NOW + 1) });
  expect((await look(started, [server({ state: 'stopped' })])).change).toBeUndefined();
});

it('does not wait for one that was shown already', async () => {
  const { change, find } = await look(node({ launchId: newId(NOW - 1000) }), []);
  expect([change?.patch.serverState, find.mock.calls.length]).toEqual(['missing', 2]);
});

it('asks for one that is late by its id, and believes only what is said of it', async () => {
  const late = node({ phase: 'launching', serverState: 'pending', launchId: newId(NOW - 30_000) });
  expect((await look(late, [])).change).toBeUndefined();
  const stillborn = server({ state: 'terminated', lostFor: 'capacity' });
  expect((await look(late, [], [stillborn])).change?.patch).toMatchObject({
    serverState: 'terminated',
    lostFor: 'capacity',
  });
});

it('takes a new one that is not there for deleted once the cloud has taken the deletion', async () => {
  const deleted = node({ launchId: newId(NOW - 1000), serverState: 'shutting-down' });
  expect((await look(deleted, [])).change?.patch.serverState).toBe('terminated');
});

it('does not take a server for running again that a look from before its deletion shows', async () => {
  const deleted = node({ phase: 'terminating', serverState: 'shutting-down' });
  const { change } = await look(deleted, [server({ state: 'running' })]);
  expect(change?.patch.serverState ?? 'shutting-down').toBe('shutting-down');
  const over = await look(deleted, [server({ state: 'terminated' })]);
  expect(over.change?.patch.serverState).toBe('terminated');
});

it('tells of another address, and has a ready node looked after where that is wanted', async () => {
  const moved = [server({ publicIp: '203.0.113.8' })];
  const told = await look(node(), moved);
  expect(told.change?.event).toMatchObject({ type: 'drift', code: 'readdressed' });
  expect(told.change?.patch.phase).toBeUndefined();
  expect((await look(node({ repair: true }), moved)).change?.patch.phase).toBe('booting');
});

it('says nothing of an address that changes because a server was stopped and started', async () => {
  const starting = node({ phase: 'starting', serverState: 'stopped', publicIp: null });
  expect((await look(starting, [server()])).change?.event).toBeUndefined();
});

it('takes what could be asked for before the budget ran out, and leaves the rest to the next look', async () => {
  const nodes = Array.from({ length: 50 }, (_, index) =>
    node({ id: `node${index}`, providerServerId: `i-${index}` }),
  );
  let asked = 0;
  const find = () => {
    asked += 1;
    const none = new CloudHeroError('throttled', 'no more calls');
    return asked % 2 === 0 ? Promise.reject(none) : Promise.resolve([]);
  };
  const changes = await applyObservation(nodes, {
    servers: [server({ id: 'i-49', state: 'stopped' })],
    region: 'here',
    find,
    now: NOW,
    pauseMs: 1,
  });
  const states = changes.map(({ patch }) => patch.serverState);
  expect(states.filter((state) => state === 'missing')).toHaveLength(20);
  expect(states.filter((state) => state === 'stopped')).toHaveLength(1);
  expect(changes).toHaveLength(21);
});
