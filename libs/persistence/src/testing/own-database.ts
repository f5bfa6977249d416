import { newId, type NodePhase } from '@cloudhero/domain';
import { Client } from 'pg';
import { Database } from '../database';
import { asNodeRow, type NodeRow } from '../node.repository';

const server = process.env['CLOUDHERO_TEST_DATABASE_URL'];
const MIGRATIONS = `${__dirname}/../../../../prisma/migrations`;

/** `describe`, or `describe.skip` without a Postgres to test on. */
export const describeWithPostgres = server ? describe : describe.skip;
if (!server) console.warn('skipped: CLOUDHERO_TEST_DATABASE_URL is not set');

/** A database of a spec's own, with one organisation and application, and rows as a spec wants them. */
export class OwnDatabase {
  readonly organisationId = newId();
  readonly applicationId = newId();

  private constructor(
    readonly database: Database,
    private readonly name: string,
  ) {}

  static async create(): Promise<OwnDatabase> {
    const name = `spec_${newId()}`;
    await admin(`CREATE DATABASE "${name}"`);
    const url = new URL(server ?? 'postgresql://nowhere');
    url.pathname = `/${name}`;
    const database = await Database.open({ url: url.href, migrationsDir: MIGRATIONS });
    const own = new OwnDatabase(database, name);
    const { organisationId, applicationId: id } = own;
    await database.client.organisation.create({ data: { id: organisationId, name } });
    await database.client.application.create({
      data: { id, organisationId, name, type: 'custom' },
    });
    return own;
  }

  async provider(): Promise<string> {
    const id = newId();
    const { organisationId } = this;
    const sealed = { sealedCredentials: '', maskedCredentials: {} };
    await this.database.client.provider.create({
      data: { id, organisationId, name: id, type: 'ec2', ...sealed },
    });
    return id;
  }

  async environment(
    providerId: string,
    more: Partial<Parameters<Database['client']['environment']['create']>[0]['data']> = {},
  ): Promise<string> {
    const id = newId();
    const { organisationId, applicationId } = this;
    const owned = { id, organisationId, applicationId, providerId, name: id };
    await this.database.client.environment.create({
      data: { ...owned, region: 'here', desired: 'running', ...more } as never,
    });
    return id;
  }

  async node(
    environmentId: string,
    phase: NodePhase,
    more: Partial<Parameters<Database['client']['node']['create']>[0]['data']> = {},
  ): Promise<NodeRow> {
    const id = newId();
    const named = { id, environmentId, name: id, serverName: id, position: 0, size: 's' };
    const row = await this.database.client.node.create({
      data: { ...named, packages: [], desired: 'running', phase, ...more } as never,
    });
    return asNodeRow(row);
  }

  async drop(): Promise<void> {
    await this.database.close();
    await admin(`DROP DATABASE "${this.name}" WITH (FORCE)`);
  }
}

async function admin(sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
