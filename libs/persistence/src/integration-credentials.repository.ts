import type { Database } from './database';

/** A registry's login as it is stored; `sealedPassword` is sealed for the integration's id. */
export interface IntegrationCredentials {
  id: string;
  type: string;
  url: string;
  username: string;
  email: string;
  sealedPassword: string;
}

/** The workers' view of integrations: what the nodes of an environment log in to registries with. */
export class IntegrationCredentialsRepository {
  constructor(private readonly db: Database) {}

  /** Those of one environment, oldest first. */
  async ofEnvironment(environmentId: string): Promise<IntegrationCredentials[]> {
    return this.db.client.integration.findMany({
      where: { environments: { some: { environmentId } } },
      orderBy: { id: 'asc' },
      select: {
        id: true,
        type: true,
        url: true,
        username: true,
        email: true,
        sealedPassword: true,
      },
    });
  }
}
