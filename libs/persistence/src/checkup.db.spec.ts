import { type ErrorCode, newId, type NodePhase } from '@cloudhero/domain';
import { Client } from 'pg';
import { CheckupRepository } from './checkup.repository';
import { Database } from './database';
import { NodeRepository } from './node.repository';

const server = process.env['CLOUDHERO_TEST_DATABASE_URL'];
const describeWithPostgres = server ? describe : describe.skip;
if (!server) console.warn('skipped: CLOUDHERO_TEST_DATABASE_URL is not set');

const EVERY_MS = 60_000;

describeWithPostgres('check-ups', () => {
  const name = `checkup_spec_${newId()}`;
  const url = new URL(server ?? 'postgresql://nowhere');
  const admin = async (sql: string) => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  let database: Database;
  let checkups: CheckupRepository;
  let nodes: NodeRepository;
  const environmentId = newId();

  beforeAll(async () => {
    await admin(`CREATE DATABASE "${name}"`);
    url.pathname = `/${name}`;
    const migrationsDir = `${__dirname}/../../../prisma/migrations`;
    database = await Database.open({ url: url.href, migrationsDir });
    checkups = new CheckupRepository(database);
    nodes = new NodeRepository(database);
    const [organisationId, applicationId, providerId] = [newId(), newId(), newId()];
    await database.client.organisation.create({ data: { id: organisationId, name } });
    const owned = { organisationId, name };
    await database.client.application.create({
      data: { id: applicationId, ...owned, type: 'custom' },
    });
    await database.client.provider.create({
      data: { id: providerId, ...owned, type: 'ec2', sealedCredentials: '', maskedCredentials: {} },
    });
    await database.client.environment.create({
      data: {
        id: environmentId,
        ...owned,
        applicationId,
        providerId,
        region: 'r',
        desired: 'running',
      },
    });
  });
  afterEach(() => database.client.node.deleteMany());
  afterAll(async () => {
    await database.close();
    await admin(`DROP DATABASE "${name}" WITH (FORCE)`);
  });

  async function node(
    phase: NodePhase,
    { dueMs = -1000, code = null as ErrorCode | null, desired = 'running' } = {},
  ): Promise<string> {
    const id = newId();
    await database.client.node.create({
      data: {
        id,
        environmentId,
        name: id,
        serverName: id,
        position: 0,
        size: 's',
        packages: [],
        desired,
        phase,
        lastErrorCode: code,
        nextCheckAt: new Date(nodes.now() + dueMs),
      },
    });
    return id;
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
