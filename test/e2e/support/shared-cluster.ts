import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type Cloud, SIZE } from './client';
import { sandbox } from './sandbox';
import { stack } from './stack';

/** Three Docker nodes that several specs use; none of them may change its nodes. */
export interface SharedCluster {
  client: Client;
  cloud: Cloud & { account: string };
  provider: string;
  application: string;
  environment: string;
}

type Kept = Omit<SharedCluster, 'client'> & {
  client: { email: string; password: string; key: string };
};

const FILE = join(stack.dir, 'shared-cluster.json');

/** The shared cluster, launched by the first spec that asks for it. */
export async function sharedCluster(): Promise<SharedCluster> {
  if (existsSync(FILE)) {
    const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Kept;
    return { ...kept, client: Client.from(kept.client) };
  }
  const client = await Client.register();
  const cloud = await sandbox.createAccount();
  const provider = await client.addProvider(cloud);
  const application = await client.createApplication();
  const nodes = ['docker1', 'docker2', 'docker3'].map((name) => ({
    name,
    packages: ['docker'],
    size: SIZE,
  }));
  const environment = await client.launch(application, provider, nodes);
  await client.untilReady(environment);
  const { email, password, key } = client;
  const kept: Kept = {
    client: { email, password, key },
    cloud,
    provider,
    application,
    environment,
  };
  writeFileSync(FILE, JSON.stringify(kept));
  return { ...kept, client };
}
