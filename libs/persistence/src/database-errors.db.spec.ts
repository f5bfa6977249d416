import { newId } from '@cloudhero/domain';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Client } from 'pg';
import { Database } from './database';
import { isDatabaseUnavailable } from './database-errors';
import { migrate } from './migrate';
import { waitForPostgres } from './wait-for-postgres';

const server = process.env['CLOUDHERO_TEST_DATABASE_URL'];
const dir = `${__dirname}/../../../prisma/migrations`;
const describeWithPostgres = server ? describe : describe.skip;

describeWithPostgres('an error of Postgres', () => {
  const name = `errors_spec_${newId()}`;
  const url = new URL(server ?? 'postgresql://nowhere');
  let admin: Client;
  let database: Database;

  const thrown = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => new Error('nothing was thrown'),
      (error: unknown) => error,
    );
  const cutConnections = () =>
    admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [
      name,
    ]);

  beforeAll(async () => {
    admin = new Client({ connectionString: server });
    await admin.connect();
    await admin.query(`CREATE DATABASE "${name}"`);
    url.pathname = `/${name}`;
    database = await Database.open({ url: url.href });
    await database.client.$executeRawUnsafe(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = NEW.name; END $$`);
    await database.client.$executeRawUnsafe(
      `CREATE TRIGGER refuse BEFORE INSERT ON "Organisation" FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
  });
  afterAll(async () => {
    await database.close();
    await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    await admin.end();
  });

  it.each([
    ['the disk is full', '53100', true],
    ['there is no memory', '53200', true],
    ['there are too many connections', '53300', true],
    ['a file cannot be read', '58030', true],
    ['it shuts down', '57P01', true],
    ['another of its processes crashed', '57P02', true],
    ['it starts up', '57P03', true],
    ['it is a replica', '25006', true],
    ['the connection is lost', '08006', true],
    ['a value is too long', '22001', false],
    ['the statement is wrong', '42601', false],
  ])('because %s is told apart, however it is wrapped', async (_, code, unavailable) => {
    const ofModel = await thrown(
      database.client.organisation.create({ data: { id: newId(), name: code } }),
    );
    const ofRaw = await thrown(
      database.client
        .$executeRaw`INSERT INTO "Organisation" (id, name) VALUES (${newId()}, ${code})`,
    );
    expect([ofModel, ofRaw].map(isDatabaseUnavailable)).toEqual([unavailable, unavailable]);
  });

  it('that cuts a statement, or a transaction between two, means that it is away', async () => {
    const inStatement = thrown(database.client.$queryRaw`SELECT pg_sleep(5)::text`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await cutConnections();
    expect(isDatabaseUnavailable(await inStatement)).toBe(true);
    const between = await thrown(
      database.client.$transaction(async (tx) => {
        await tx.organisation.findMany();
        await cutConnections();
        await new Promise((resolve) => setTimeout(resolve, 100));
        await tx.organisation.findMany();
      }),
    );
    expect(isDatabaseUnavailable(between)).toBe(true);
    expect(await database.ping()).toBe(true);
  });

  it('that cuts transactions costs no connection of the pool for good', async () => {
    const small = await Database.open({ url: url.href, poolSize: 2 });
    for (let cut = 0; cut < 3; cut += 1) {
      await thrown(
        small.client.$transaction(async (tx) => {
          await tx.organisation.findMany();
          await cutConnections();
          await new Promise((resolve) => setTimeout(resolve, 100));
          await tx.organisation.findMany();
        }),
      );
    }
    expect(await small.ping()).toBe(true);
    await small.close();
  });

  it('that refuses the connection means that it is away, and is waited for at a start', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const nobody = new URL(url);
    nobody.port = String((listener.address() as AddressInfo).port);
    listener.close();
    let told = 0;
    const onWait = () => (told += 1);
    const refused = await thrown(
      waitForPostgres(() => migrate(nobody.href, dir), { patienceMs: 1200, onWait }),
    );
    expect(isDatabaseUnavailable(refused)).toBe(true);
    expect(told).toBe(1);
    expect(await waitForPostgres(() => migrate(url.href, dir))).toEqual([]);
  });

  it('that a wait mends not is thrown at once', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    const began = Date.now();
    expect(
      isDatabaseUnavailable(await thrown(waitForPostgres(() => migrate(wrong.href, dir)))),
    ).toBe(false);
    expect(Date.now() - began).toBeLessThan(5000);
  });
});
