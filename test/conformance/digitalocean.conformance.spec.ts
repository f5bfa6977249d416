import { Contract } from '../support/contract';
import { ContractProxy } from '../support/contract-proxy';
import { describeDriver } from './driver-conformance';
import { SandboxHarness } from './sandbox-harness';
import { eventually, failureOf, World } from './world';

const contract = Contract.read();
if (!contract) console.warn('The contract is not there: what the driver says is not held to it.');
let proxy: ContractProxy | undefined;

/** Whatever the driver says, and is told, has to be as DigitalOcean's own contract has it. */
async function throughContract(url: string): Promise<string> {
  if (contract) proxy = await ContractProxy.start(contract, url);
  return proxy?.url ?? url;
}
afterEach(() => {
  expect(proxy?.violations.splice(0) ?? []).toEqual([]);
});
afterAll(() => proxy?.stop());

interface Rule {
  ports: string;
  sources: { addresses?: string[] };
}

const harness = new SandboxHarness(
  {
    type: 'digital_ocean',
    region: 'nyc3',
    size: 's-1vcpu-1gb',
    kinds: ['server', 'firewall', 'ssh_key', 'tag'],
    unknownServer: '4242424242',
    tellsWhenToRetry: true,
    calls: {
      launch: 'droplets.create',
      'add key': 'keys.create',
      'add firewall': 'firewalls.create',
      'open port': 'firewalls.addRules',
      stop: 'droplets.action',
      'delete server': 'droplets.delete',
    },
    throttled: 'too_many_requests',
    credentialsOf: ({ token = '' }) => ({ access_token: token }),
    nameOf: ({ credentials }) => credentials['access_token'] ?? '',
    async openPorts({ endpoint = '', credentials }) {
      const authorization = `Bearer ${credentials['access_token'] ?? ''}`;
      const answer = await fetch(`${endpoint}/v2/firewalls`, { headers: { authorization } });
      const { firewalls } = (await answer.json()) as { firewalls: { inbound_rules: Rule[] }[] };
      return firewalls
        .flatMap((firewall) => firewall.inbound_rules)
        .filter(({ sources }) => sources.addresses?.includes('0.0.0.0/0'))
        .map(({ ports }) => ports);
    },
  },
  throughContract,
);
describeDriver(harness);

describe('at DigitalOcean alone', () => {
  const { region } = harness;
  let world: World;
  beforeEach(async () => {
    world = await World.at(harness);
  });
  afterEach(() => world.close());

  async function post(path: string, body: object) {
    const { endpoint = '', credentials } = world.account;
    const answer = await fetch(`${endpoint}/v2/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credentials['access_token'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  }

  it('deletes the double that comes of a call which was thought to be lost', async () => {
    const batch = await world.batch(1);
    const [server] = await world.launch(batch);
    await world.untilAll([{ id: server?.id ?? '' }], 'running');
    const [thing] = await world.things('server');
    const tags = [
      `cloudhero:launch:${batch.environmentId}:${batch.launchId}:${world.account.installationId}`,
    ];
    const { size, image } = batch;
    await post('droplets', { name: thing?.name, region, size, image, tags });
    expect(await world.things('server')).toHaveLength(2);
    await eventually(async () => {
      await failureOf(world.launch(batch, false));
      return (await world.things('server')).length === 1;
    });
    expect(await world.things('server')).toMatchObject([{ id: server?.id }]);
    expect(await world.launch(batch, false)).toMatchObject([{ id: server?.id }]);
  });

  it('asks a guest to shut down once, however often it is told to stop it', async () => {
    const servers = await world.running();
    const ids = servers.map(({ id }) => id);
    await harness.setFaults({ shutdownIgnored: true });
    const before = await harness.callsOf('droplets.action');
    for (let time = 0; time < 3; time += 1)
      expect(await world.driver.stop(region, ids)).toMatchObject([{ current: 'stopping' }]);
    expect((await harness.callsOf('droplets.action')) - before).toBe(1);
  });

  it('lists SSH keys only to say what is owned', async () => {
    const before = await harness.callsOf('keys.list');
    const servers = await world.running();
    await world.terminate(servers);
    await world.prepare();
    await world.driver.cleanup(region, world.environmentId);
    await eventually(async () => (await harness.things(world.account)).length === 0);
    expect(await harness.callsOf('keys.list')).toBe(before);
    await world.driver.listOwned(region);
    expect(await harness.callsOf('keys.list')).toBe(before + 1);
  });

  it('does not take a firewall that could not be applied for one', async () => {
    await harness.setFaults({ failedFirewalls: 1 });
    await world.prepare();
    const failure = await eventually(() => failureOf(world.prepare()));
    expect(failure).toMatchObject({ code: 'cloud_unavailable' });
  });

  it('keeps what it cannot tell to be its own', async () => {
    await post('tags', { name: 'cloudhero:environment:somebody-else' });
    await post('firewalls', {
      name: 'cloudhero-of-the-customer',
      inbound_rules: [{ protocol: 'tcp', ports: '22', sources: { addresses: ['0.0.0.0/0'] } }],
    });
    await world.prepare();
    expect(new Set((await world.driver.listOwned(region)).map((it) => it.environmentId))).toEqual(
      new Set([world.environmentId]),
    );
    await world.driver.cleanup(region, world.environmentId);
    expect((await harness.things(world.account)).map(({ name }) => name).sort()).toEqual([
      'cloudhero-of-the-customer',
      'cloudhero:environment:somebody-else',
    ]);
  });
});
