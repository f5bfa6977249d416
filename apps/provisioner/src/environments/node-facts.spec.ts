import { newId } from '@cloudhero/domain';
import type { EnvironmentWork } from '@cloudhero/persistence';
import { advanceNodes } from './advance-nodes';
import { decideNodes } from './node-facts';
import { relaunchNodes } from './relaunch-nodes';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function workWith(node: object, environment = {}): EnvironmentWork {
  const launching = {
    desired: 'running',
    phase: 'launching',
    providerServerId: 'i-1',
    serverState: 'pending',
    attempts: 0,
    generation: 1,
    actedGeneration: 1,
    clusterNodeId: null,
  };
  return {
    environment: { desired: 'running', repair: false, ...environment },
    nodes: [{ ...launching, ...node }],
  } as unknown as EnvironmentWork;
}

it('counts the patience for a launch from when the cloud has taken it, not from when it was planned', () => {
  const launchId = newId(NOW - 20 * MINUTE);
  const decided = (observedAt: Date | null) =>
    decideNodes(workWith({ launchId, observedAt }), NOW)[0]?.decision;
  expect(decided(new Date(NOW - MINUTE))).toEqual({ do: 'observe' });
  expect(decided(new Date(NOW - 16 * MINUTE))).toEqual({ do: 'fail', code: 'boot_timeout' });
  expect(decided(null)).toEqual({ do: 'fail', code: 'boot_timeout' });
});

it('replaces servers that are taken away before they run a few times, and then says so', async () => {
  let work = workWith({ launchId: newId(NOW), serverState: 'terminated' }, { repair: true });
  const terminate = jest.fn().mockResolvedValue([]);
  const stores = {
    driver: { terminate },
    nodes: { saveAll: (changes: { patch: object }[]) => (work = again(changes[0]?.patch)) },
  };
  const again = (patch = {}) =>
    workWith(
      {
        ...work.nodes[0],
        ...patch,
        phase: 'launching',
        providerServerId: 'i',
        serverState: 'terminated',
      },
      { repair: true },
    );
  let replaced = 0;
  while (await relaunchNodes(decideNodes(work, NOW), 'here', stores as never)) {
    replaced += 1;
    if (replaced > 10) break;
  }
  expect(replaced).toBe(3);
  const [change] = advanceNodes(decideNodes(work, NOW), NOW);
  expect(change?.patch).toMatchObject({
    phase: 'failed',
    lastErrorCode: 'server_lost',
    attempts: 3,
  });
  const failed = workWith({ ...work.nodes[0], ...change?.patch }, { repair: true });
  expect(decideNodes(failed, NOW)[0]?.decision).toEqual({ do: 'nothing' });
});
