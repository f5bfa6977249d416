import { decideInstall, type InstallFacts } from './decide-install';
import { decideNode } from './decide-node';
import { isInstallerPhase, NODE_PHASES } from './node-phase';

const facts = (changes: Partial<InstallFacts> = {}): InstallFacts => ({
  desired: 'running',
  environmentDesired: 'running',
  phase: 'installing',
  packages: ['docker', 'git'],
  installedPackages: [],
  inCluster: false,
  failure: null,
  checkDue: false,
  ...changes,
});

it.each([
  ['boots first', { phase: 'booting' }, { do: 'boot' }],
  ['installs in the order asked for', {}, { do: 'install', package: 'docker' }],
  ['skips what is installed', { installedPackages: ['docker'] }, { do: 'install', package: 'git' }],
  [
    'joins when docker is among the packages',
    { installedPackages: ['git', 'docker'] },
    { do: 'advance', to: 'joining' },
  ],
  ['is done without packages', { packages: [] }, { do: 'advance', to: 'ready' }],
  ['joins', { phase: 'joining' }, { do: 'join' }],
  ['stays out of a stop', { desired: 'stopped' }, { do: 'nothing' }],
  ['leaves the cluster before it goes', { desired: 'absent', inCluster: true }, { do: 'leave' }],
  ['has nothing to leave', { desired: 'absent' }, { do: 'nothing' }],
  [
    'does not leave a cluster that goes with it',
    { desired: 'absent', inCluster: true, environmentDesired: 'absent' },
    { do: 'nothing' },
  ],
  [
    'does not leave from a server that is gone',
    { desired: 'absent', inCluster: true, phase: 'terminating' },
    { do: 'nothing' },
  ],
  ['looks at a ready node when it is time', { phase: 'ready', checkDue: true }, { do: 'check' }],
  [
    'looks at a node again that failed by what a look found',
    { phase: 'failed', failure: 'node_unreachable', checkDue: true },
    { do: 'check' },
  ],
  [
    'leaves a node alone that failed by itself',
    { phase: 'failed', failure: 'package_failed', checkDue: true },
    { do: 'nothing' },
  ],
  [
    'does not look at a node that is to be stopped',
    { phase: 'ready', desired: 'stopped', checkDue: true },
    { do: 'nothing' },
  ],
] as const)('%s', (_, changes, decision) => {
  expect(decideInstall(facts(changes))).toEqual(decision);
});

it('never works on a running node in provisioner’s phases, nor provisioner in ours', () => {
  for (const phase of NODE_PHASES) {
    const ours = decideInstall(facts({ phase })).do !== 'nothing';
    expect(ours).toBe(isInstallerPhase(phase));
    if (!ours) continue;
    const idle = { launchId: null, inCluster: false, overdue: false, failure: null };
    const node = {
      desired: 'running',
      phase,
      ...idle,
      noRoom: false,
      asked: false,
      inVain: false,
    } as const;
    for (const repair of [false, true]) {
      const decision = decideNode({ ...node, repair, serverId: 'i-1', server: 'running' });
      expect(decision).toEqual({ do: 'nothing' });
    }
  }
});
