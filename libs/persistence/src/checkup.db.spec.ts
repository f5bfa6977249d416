import type { ErrorCode, NodePhase } from '@cloudhero/domain';
import { CheckupRepository } from './checkup.repository';
import { NodeRepository } from './node.repository';
import { describeWithPostgres, OwnDatabase } from './testing/own-database';

const EVERY_MS = 60_000;

describeWithPostgres('check-ups', () => {
  let own: OwnDatabase;
  let checkups: CheckupRepository;
  let nodes: NodeRepository;
  let environmentId: string;

  beforeAll(async () => {
    own = await OwnDatabase.create();
    checkups = new CheckupRepository(own.database);
    nodes = new NodeRepository(own.database);
    environmentId = await own.environment(await own.provider());
  });
  afterEach(() => own.database.client.node.deleteMany());
  afterAll(() => own.drop());

  async function node(
    phase: NodePhase,
    { dueMs = -1000, code = null as ErrorCode | null, desired = 'running' } = {},
  ): Promise<string> {
    const nextCheckAt = new Date(nodes.now() + dueMs);
    return (await own.node(environmentId, phase, { desired, lastErrorCode: code, nextCheckAt })).id;
  }

  it('gives each node that is due to one of many workers, and a time ahead', async () => {
    const due = await Promise.all(Array.from({ length: 20 }, () => node('ready')));
    await node('ready', { dueMs: 30_000 });
    const workers = Array.from({ length: 4 }, () => checkups.claim(10, EVERY_MS));
    const claimed = (await Promise.all(workers)).flat();
    claimed.push(...(await checkups.claim(100, EVERY_MS)));
    expect([...claimed].sort()).toEqual([...due].sort());
    const next = (await nodes.find(due[0] ?? ''))?.nextCheckAt?.getTime() ?? 0;
    expect(next - nodes.now()).toBeGreaterThan(0.7 * EVERY_MS);
    expect(next - nodes.now()).toBeLessThan(1.3 * EVERY_MS);
  });

  it('serves the longest overdue first', async () => {
    await node('ready', { dueMs: -1000 });
    const longest = await node('ready', { dueMs: -9000 });
    expect(await checkups.claim(1, EVERY_MS)).toEqual([longest]);
  });

  it('looks again at what an earlier look found, and forgets what is not to be looked at', async () => {
    const down = await node('failed', { code: 'package_down' });
    const failed = await node('failed', { code: 'package_failed' });
    const stopping = await node('ready', { desired: 'stopped' });
    expect(await checkups.claim(10, EVERY_MS)).toEqual([down]);
    for (const id of [failed, stopping]) expect((await nodes.find(id))?.nextCheckAt).toBeNull();
  });

  it('counts what was repaired lately, and not what was only shown', async () => {
    const row = await nodes.find(await node('ready'));
    if (!row) throw new Error('no row');
    const event = { type: 'drift', code: 'package_down', message: '' } as const;
    await nodes.addEvent({ ...row, phase: 'installing' }, event);
    await nodes.addEvent({ ...row, phase: 'failed' }, event);
    await nodes.addEvent({ ...row, phase: 'booting' }, { ...event, code: 'not_in_cluster' });
    expect(await checkups.repairs(row, 'package_down', EVERY_MS)).toBe(1);
  });
});
