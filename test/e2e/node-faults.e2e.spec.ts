import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type NodeState, SIZE } from './support/client';
import { Machine } from './support/machines';
import { sandbox } from './support/sandbox';
import { waitFor } from './support/wait-for';

const OFTEN = { everyMs: 50, timeoutMs: 120_000 };
const APT_RUNS = 'pgrep -x apt-get';
const DPKG_RUNS = 'pgrep -x dpkg';

interface NodeEvent {
  node: string | null;
  code: string | null;
}

interface Fault {
  what: string;
  packages: string[];
  /** Shell code that succeeds in the moment to strike. */
  when: string;
  strike: (machine: Machine, isFelt: () => Promise<boolean>) => Promise<unknown>;
  /** How the node has to tell of it; a fault that nobody felt proves nothing. */
  felt?: string;
}

/** Has a rule of iptables for a while, or, without a time, until the node tells of it. */
const rule =
  (text: string, ms?: number): Fault['strike'] =>
  async (machine, isFelt) => {
    await machine.sh(`iptables -I ${text}`);
    if (ms === undefined) await waitFor('the fault to be felt', isFelt);
    else await sleep(ms);
    await machine.sh(`iptables -D ${text}`);
  };

const FAULTS: Record<string, Fault> = {
  unreachable: {
    what: 'does not answer over SSH for half a minute',
    packages: ['nginx'],
    when: APT_RUNS,
    strike: rule('INPUT -p tcp --dport 22 -j DROP', 30_000),
    felt: 'ssh_unreachable',
  },
  slow: {
    what: 'loses every third packet of SSH',
    packages: ['git'],
    when: 'true',
    strike: rule(
      'INPUT -p tcp --dport 22 -m statistic --mode random --probability 0.3 -j DROP',
      40_000,
    ),
  },
  dropped: {
    what: 'loses its SSH connection in the middle',
    packages: ['nginx'],
    when: DPKG_RUNS,
    strike: (machine) => machine.sh('pkill -9 -f "^sshd: cloudhero"'),
    felt: 'ssh_unreachable',
  },
  reset: {
    what: 'is reset while dpkg works',
    packages: ['apache'],
    when: DPKG_RUNS,
    strike: (machine) => machine.reset(),
    felt: 'ssh_unreachable',
  },
  mirror: {
    what: 'has no mirror of packages for a while',
    packages: ['redis'],
    when: 'true',
    strike: rule('OUTPUT -p tcp --syn -j REJECT'),
    felt: 'package_retry',
  },
};

describe('a node becomes ready all the same that', () => {
  let client: Client;
  let environment: string;
  let nodes: NodeState[];

  const codesOf = async (name: string) =>
    (await client.must<NodeEvent[]>('GET', `/environments/${environment}/events`))
      .filter(({ node }) => node === name)
      .map(({ code }) => code);

  async function strike(name: string, fault: Fault): Promise<void> {
    const machine = await waitFor(
      `a machine of ${name}`,
      async () => {
        const now = (await client.state(environment)).nodes;
        return Machine.at(now.find((node) => node.name === name)?.public_ip);
      },
      OFTEN,
    );
    await waitFor(`the moment to strike ${name}`, () => machine.succeeds(fault.when), OFTEN);
    await fault.strike(machine, async () => (await codesOf(name)).includes(fault.felt ?? ''));
  }

  // All of them at once: each mostly waits.
  beforeAll(async () => {
    client = await Client.register();
    const provider = await client.addProvider(await sandbox.createAccount());
    const application = await client.createApplication();
    const wanted = Object.entries(FAULTS).map(([name, { packages }]) => ({
      name,
      packages,
      size: SIZE,
    }));
    environment = await client.launch(application, provider, wanted);
    await Promise.all(Object.entries(FAULTS).map(([name, fault]) => strike(name, fault)));
    await waitFor('every node to be ready, or to have failed', async () =>
      (await client.state(environment)).nodes.every(({ phase }) =>
        ['ready', 'failed'].includes(phase),
      ),
    );
    ({ nodes } = await client.state(environment));
  });

  afterAll(() => client.destroy(environment));

  it.each(Object.entries(FAULTS).map(([name, { what }]) => [what, name] as const))(
    '%s',
    async (_, name) => {
      const node = nodes.find((one) => one.name === name);
      expect(node).toMatchObject({ phase: 'ready' });
      const felt = FAULTS[name]?.felt;
      if (felt) expect(await codesOf(name)).toContain(felt);
      const machine = await Machine.at(node?.public_ip);
      // Nothing is left half-done.
      expect(await machine?.sh('dpkg --audit')).toBe('');
    },
  );
});
