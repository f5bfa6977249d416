import type { TenantEnvironment } from '@cloudhero/persistence';
import { launchOutcome } from './launch-outcome';

const ready = { phase: 'ready', readyAt: new Date() };
const failed = (lastErrorCode: string, readyAt: Date | null = null) => ({
  phase: 'failed',
  lastErrorCode,
  readyAt,
});

function outcome(nodes: object[], environment: object = {}) {
  const found = {
    environment: { desired: 'running', repair: false, lastErrorCode: null, ...environment },
    nodes: nodes.map((node) => ({ id: 'n', name: 'n', desired: 'running', ...node })),
  };
  return launchOutcome(found as unknown as TenantEnvironment, null)?.kind ?? 'open';
}

it.each<[string, string, object[], object?]>([
  ['ready', 'when every node is', [ready, ready]],
  ['open', 'while one installs', [ready, { phase: 'installing', readyAt: null }]],
  ['failed', 'when one fails before it is ready', [ready, failed('package_failed')]],
  ['failed', 'when a server is stopped before it is ready', [failed('server_stopped')]],
  ['open', 'when that is to be repaired', [failed('server_stopped')], { repair: true }],
  ['failed', 'when it fails otherwise', [failed('quota_exceeded')], { repair: true }],
  ['ready', 'when one fails that was ready', [ready, failed('server_lost', new Date())]],
  [
    'open',
    'while another installs then',
    [failed('server_lost', new Date()), { phase: 'installing', readyAt: null }],
  ],
  ['overtaken', 'when it was deleted', [ready], { desired: 'absent' }],
])('a launch is %s %s', (kind, _, nodes, environment = {}) => {
  expect(outcome(nodes, environment)).toBe(kind);
});
