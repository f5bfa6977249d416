import type { Database } from '@cloudhero/persistence';

/** Does to the rows what provisioner and package-installer would, when a spec says so. */
export class FakeWorkers {
  constructor(private readonly database: Database) {}

  /** Servers are there, but nothing is installed yet. */
  async launch(environmentId: string): Promise<void> {
    const nodes = await this.living(environmentId);
    for (const node of nodes.filter((row) => !row.providerServerId)) {
      await this.save(node.id, {
        phase: 'booting',
        providerServerId: `i-${node.id}`,
        serverState: 'running',
        publicIp: '52.87.201.52',
        privateIp: '172.31.30.29',
        image: 'ami-116d857a',
        actedGeneration: node.generation,
      });
    }
  }

  async makeReady(environmentId: string): Promise<void> {
    await this.launch(environmentId);
    for (const node of await this.living(environmentId)) {
      await this.save(node.id, {
        phase: 'ready',
        installedPackages: node.packages ?? [],
        readyAt: new Date(),
      });
    }
    await this.say(environmentId);
  }

  async fail(environmentId: string, code: string): Promise<void> {
    for (const node of await this.living(environmentId)) {
      const error = { lastErrorCode: code, lastErrorMessage: 'Your quota is used up.' };
      await this.save(node.id, { phase: 'failed', ...error });
    }
    await this.say(environmentId);
  }

  /** The cloud has taken what was asked of every server. */
  async act(environmentId: string, serverState: string, phase: string): Promise<void> {
    for (const node of await this.living(environmentId)) {
      await this.save(node.id, {
        phase,
        serverState,
        previousState: node.serverState,
        actedGeneration: node.generation,
      });
    }
    await this.say(environmentId);
  }

  async say(environmentId: string, message = 'Something happened.'): Promise<void> {
    await this.database.client.nodeEvent.create({
      data: { environmentId, type: 'progress', message },
    });
  }

  private living(environmentId: string) {
    const where = { environmentId, phase: { not: 'absent' } };
    return this.database.client.node.findMany({ where });
  }

  private async save(
    id: string,
    data: Parameters<Database['client']['node']['update']>[0]['data'],
  ) {
    await this.database.client.node.update({ where: { id }, data });
  }
}
