import { Database } from './database';
import { migrate } from './migrate';
import { newId } from '@cloudhero/domain';
import { Client } from 'pg';

const server = process.env['CLOUDHERO_TEST_DATABASE_URL'];
const describeWithPostgres = server ? describe : describe.skip;
if (!server) console.warn('skipped: CLOUDHERO_TEST_DATABASE_URL is not set');

describeWithPostgres('the database', () => {
  const name = `db_spec_${newId()}`;
  const url = new URL(server ?? 'postgresql://nowhere');
  const admin = async (sql: string) => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const dir = `${__dirname}/../../../prisma/migrations`;

  beforeAll(async () => {
    await admin(`CREATE DATABASE "${name}"`);
    url.pathname = `/${name}`;
  });
  afterAll(() => admin(`DROP DATABASE "${name}" WITH (FORCE)`));

  it('applies each migration once, however many processes start together', async () => {
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(url.href, dir)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrate(url.href, dir)).toEqual([]);
  });

  it('lets both sides of a deadlock come through', async () => {
    const database = await Database.open({ url: url.href });
    const ids = [newId(), newId()] as const;
    for (const id of ids) await database.client.organisation.create({ data: { id, name: '' } });
    const touch = (first: string, second: string) => {
      let attempts = 0;
      return database.transaction(async (tx) => {
        attempts += 1;
        for (const id of [first, second]) {
          await tx.$executeRaw`UPDATE "Organisation" SET name = name || 'x' WHERE id = ${id}`;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        return attempts;
      });
    };
    const attempts = await Promise.all([touch(...ids), touch(ids[1], ids[0])]);
    const rows = await database.client.organisation.findMany();
    await database.close();
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    expect(rows.map((row) => row.name)).toEqual(['xx', 'xx']);
  });
});
