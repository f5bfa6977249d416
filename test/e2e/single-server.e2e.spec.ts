import { Client, REGION, SIZE } from './support/client';
import { expectShape } from './support/samples';
import { sandbox } from './support/sandbox';

describe('a single server', () => {
  it('comes up as the reference prints it, and tells of its progress live', async () => {
    const client = await Client.register();
    const provider = await client.addProvider(await sandbox.createAccount());
    const application = await client.createApplication();
    const json = {
      provider_id: provider,
      region: REGION,
      environment: 'env_name',
      nodes: [{ packages: ['git'], name: 'node_name', size: SIZE }],
    };
    const path = `/applications/${application}/environments`;
    const headers = { prefer: 'respond-async', 'idempotency-key': 'one-server' };
    const first = await client.call<{ environment: string }>('POST', path, { json, headers });
    expect(first.status).toBe(202);
    expect(first.headers.location).toContain(first.body.environment);
    const again = await client.call<{ environment: string }>('POST', path, { json, headers });
    expect(again.body.environment).toBe(first.body.environment);

    const { environment } = first.body;
    const phases = await phasesUntilReady(client, environment);
    expect(phases).toEqual(['launching', 'booting', 'installing', 'ready']);
    const waited = await client.call('POST', path, { json: { ...json, nodes: [] } });
    expect(waited.status).toBe(422);
    expectShape({ ...first.body, ready: true }, 'createEnvironment');
    await client.destroy(environment);
  });

  /** The phases that the node passed through, as its events told them. */
  async function phasesUntilReady(client: Client, environment: string): Promise<string[]> {
    const over = new AbortController();
    const phases: string[] = [];
    for await (const { data } of client.events(environment, { signal: over.signal })) {
      if (data.type !== 'phase' || typeof data.phase !== 'string') continue;
      if (phases.at(-1) !== data.phase && data.phase !== 'requested') phases.push(data.phase);
      if (data.phase === 'ready' || data.phase === 'failed') over.abort();
    }
    return phases;
  }
});
