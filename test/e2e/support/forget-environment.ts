import { Database } from '@cloudhero/persistence';
import { stack } from './stack';

/**
 * Takes an environment's rows away as if they had never been: what a backup of Postgres that is older
 * than the environment does when it is restored. Its servers stay.
 */
export async function forgetEnvironment(id: string): Promise<void> {
  const { ports, secrets } = stack.config;
  const where = { environmentId: id };
  const database = await Database.open({
    url: `postgresql://cloudhero:${secrets.postgresPassword}@127.0.0.1:${String(ports.postgres)}/cloudhero`,
  });
  try {
    await database.transaction(async (tx) => {
      await tx.nodeEvent.deleteMany({ where });
      await tx.node.deleteMany({ where });
      await tx.launch.deleteMany({ where });
      await tx.environment.delete({ where: { id } });
    });
  } finally {
    await database.close();
  }
}
