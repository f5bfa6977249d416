import { environmentPhase } from './environment-phase';
import type { NodePhase } from './node-phase';

const nodes = (...phases: NodePhase[]) =>
  phases.map((phase) => ({ desired: 'running' as const, phase }));

it.each([
  ['provisioning', 'running', nodes('ready', 'installing'), false],
  ['ready', 'running', nodes('ready', 'ready'), false],
  ['failed', 'running', nodes('ready', 'failed'), false],
  ['degraded', 'running', nodes('ready', 'failed'), true],
  ['provisioning', 'running', nodes('ready', 'installing'), true],
  ['starting', 'running', nodes('ready', 'starting'), true],
  ['stopping', 'stopped', nodes('stopped', 'stopping'), true],
  ['stopped', 'stopped', nodes('stopped', 'stopped'), true],
  ['deleting', 'absent', nodes('terminating', 'absent'), true],
  ['absent', 'absent', nodes('absent'), true],
] as const)('is %s when %s is wanted of %j', (expected, desired, given, everReady) => {
  expect(environmentPhase(desired, given, everReady)).toBe(expected);
});

it('does not wait for a node that is on its way out', () => {
  const given = [...nodes('ready'), { desired: 'absent' as const, phase: 'terminating' as const }];
  expect(environmentPhase('running', given, true)).toBe('ready');
});
