import { EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { Client, REGION, SIZE } from './support/client';
import { sandbox } from './support/sandbox';

/** Of virtual servers: what is started is the cloud's part alone. */
describe('a server that was stopped behind our back', () => {
  beforeAll(() => sandbox.setKnobs({ virtual: true }));
  afterAll(() => sandbox.resetKnobs());

  it('is shown as stopped, and started again by asking the running environment to start', async () => {
    const client = await Client.register();
    const { accessKey, secretKey, endpoint, account } = await sandbox.createAccount();
    const provider = await client.addProvider({ accessKey, secretKey, endpoint });
    const nodes = ['one', 'two'].map((name) => ({ name, packages: [], size: SIZE }));
    const id = await client.launch(await client.createApplication(), provider, nodes);
    const { nodes: running } = await client.until(id, 'running', (state) =>
      state.nodes.every(({ phase }) => phase === 'booting'),
    );
    const [one, two] = running.map(({ server_id }) => String(server_id));
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    const ec2 = new EC2Client({ region: REGION, endpoint, credentials });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [two ?? ''] }));
    ec2.destroy();

    const began = Date.now();
    const shown = await client.until(id, 'seen as stopped', (state) =>
      state.nodes.some(({ phase }) => phase === 'failed'),
    );
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(shown.nodes).toMatchObject([
      { phase: 'booting', last_error: null },
      { phase: 'failed', state: 'stopped', last_error: { code: 'server_stopped' } },
    ]);
    const { std_out } = await client.must<{
      std_out: Record<string, { ec2: Record<string, [object]> }>;
    }>('POST', `/environments/${id}/start`);
    const changes = Object.values(std_out).flatMap(({ ec2: servers }) => Object.values(servers));
    expect(changes).toMatchObject([
      [{ instanceId: one, previousState: { name: 'running' }, currentState: { name: 'running' } }],
      [{ instanceId: two, previousState: { name: 'stopped' }, currentState: { name: 'pending' } }],
    ]);
    await client.until(id, 'running again', (state) =>
      state.nodes.every(({ phase }) => phase === 'booting'),
    );
    expect((await sandbox.alive(account)).map(({ state }) => state)).toEqual([
      'running',
      'running',
    ]);
    await client.destroy(id);
  });
});
