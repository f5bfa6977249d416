import { Contract } from '../support/contract';
import { ContractProxy } from '../support/contract-proxy';
import { describeDriver } from './driver-conformance';
import { SandboxHarness } from './sandbox-harness';

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

describeDriver(
  new SandboxHarness(
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
  ),
);
