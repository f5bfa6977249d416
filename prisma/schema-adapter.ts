import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const OID = { char: 18, name: 19, text: 25 };

interface Field {
  dataTypeID: number;
}
interface Internals {
  performIO(query: object): Promise<{ fields?: Field[] }>;
  queryRaw(query: object): Promise<{ columnTypes: number[] }>;
}

/** adapter-pg cannot map the catalog types "char" and name, which the schema engine reads. */
function withCatalogTypes(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const connection = adapter as unknown as Internals;
  const charColumns = new WeakMap<object, number[]>();
  const performIO = connection.performIO.bind(connection);
  const queryRaw = connection.queryRaw.bind(connection);
  connection.performIO = async (query) => {
    const result = await performIO(query);
    const fields = result.fields ?? []; // a script of several statements has none
    charColumns.set(
      query,
      fields.flatMap((field, index) => (field.dataTypeID === OID.char ? [index] : [])),
    );
    for (const field of fields) {
      if (field.dataTypeID === OID.char || field.dataTypeID === OID.name) {
        field.dataTypeID = OID.text;
      }
    }
    return result;
  };
  connection.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns.get(query) ?? []) {
      result.columnTypes[index] = ColumnTypeEnum.Character;
    }
    return result;
  };
  return adapter;
}

/** The adapter that Prisma's own CLI works through, with three defects of adapter-pg 6 mended. */
export function schemaAdapter(url: string) {
  const base = new PrismaPg({ connectionString: url });
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  return {
    provider: base.provider,
    adapterName: base.adapterName,
    connect: async () => withCatalogTypes(await base.connect()),
    async connectToShadowDb() {
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      await admin(`CREATE DATABASE "${name}"`);
      const shadowUrl = new URL(url);
      shadowUrl.pathname = `/${name}`;
      const shadow = withCatalogTypes(
        await new PrismaPg({ connectionString: shadowUrl.href }).connect(),
      );
      const close = shadow.dispose.bind(shadow);
      // adapter-pg drops the database before it closes its own connections to it, which fails.
      shadow.dispose = async () => {
        await close();
        await admin(`DROP DATABASE "${name}" WITH (FORCE)`);
      };
      return shadow;
    },
  } as const;
}
