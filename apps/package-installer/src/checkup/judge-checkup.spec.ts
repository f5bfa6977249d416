import type { NodeRow } from '@cloudhero/persistence';
import { type Fault, type Findings, judgeCheckup, MOST_REPAIRS } from './judge-checkup';

const node = (changes: Partial<NodeRow> = {}) => ({
  phase: 'ready' as const,
  attempts: 0,
  bootId: 'boot-1',
  lastErrorCode: null,
  clusterRole: 'manager',
  installedPackages: ['docker', 'nginx'],
  ...changes,
});
const found = (changes: Partial<Findings> = {}): Findings => ({
  bootId: 'boot-1',
  fault: null,
  role: 'manager',
  deadMembers: false,
  ...changes,
});
const nginxDown: Fault = {
  code: 'package_down',
  mendable: true,
  message: 'nginx does not run.',
  advice: 'Start it.',
  packages: ['nginx'],
};
const advice = 'Look.';
const left: Fault = { code: 'not_in_cluster', mendable: true, message: 'It has left.', advice };
const unreachable: Fault = { code: 'node_unreachable', mendable: false, message: 'Off.', advice };
const OFF = { wanted: false, done: 0 };
const ON = { wanted: true, done: 0 };

it('writes nothing of a node with which all is well', () => {
  expect(judgeCheckup(node(), found(), OFF)).toBeNull();
});

it('learns the first boot, and tells of every other', () => {
  const first = judgeCheckup(node({ bootId: null }), found(), OFF);
  expect(first).toEqual({ patch: { bootId: 'boot-1', attempts: 0 } });
  const second = judgeCheckup(node(), found({ bootId: 'boot-2', fault: nginxDown }), ON);
  expect(second).toMatchObject({
    patch: { bootId: 'boot-2' },
    event: { type: 'drift', message: 'The machine was restarted.' },
    lookAgainMs: expect.any(Number) as number,
  });
  expect(second?.patch.phase).toBeUndefined();
});

it('shows a fault when it has been seen three times in a row, and forgets it when it is over', () => {
  for (const attempts of [0, 1]) {
    const verdict = judgeCheckup(node({ attempts }), found({ fault: unreachable }), OFF);
    expect(verdict).toEqual({
      patch: { attempts: attempts + 1 },
      lookAgainMs: expect.any(Number) as number,
    });
  }
  expect(judgeCheckup(node({ attempts: 2 }), found({ fault: unreachable }), OFF)).toMatchObject({
    patch: { phase: 'failed', lastErrorCode: 'node_unreachable' },
    event: { type: 'drift', code: 'node_unreachable' },
  });
  expect(judgeCheckup(node({ attempts: 2 }), found(), OFF)).toEqual({ patch: { attempts: 0 } });
});

it('says a known fault once, and takes the node back when it is over', () => {
  const failed = node({ phase: 'failed', lastErrorCode: 'package_down' });
  expect(judgeCheckup(failed, found({ fault: nginxDown }), OFF)).toBeNull();
  expect(judgeCheckup(failed, found(), OFF)).toMatchObject({
    patch: { phase: 'ready', lastErrorCode: null, lastErrorMessage: null },
  });
});

it('installs again what does not run, and brings back into the cluster, where that is wanted', () => {
  const tried = node({ attempts: 2 });
  expect(judgeCheckup(tried, found({ fault: nginxDown }), ON)).toMatchObject({
    patch: { phase: 'installing', installedPackages: ['docker'] },
    event: { type: 'drift', code: 'package_down' },
  });
  expect(judgeCheckup(tried, found({ fault: left }), ON)).toMatchObject({
    patch: { phase: 'booting' },
    event: { type: 'drift', code: 'not_in_cluster' },
  });
  for (const fault of [nginxDown, left]) {
    expect(judgeCheckup(tried, found({ fault }), OFF)?.patch).toMatchObject({
      phase: 'failed',
      lastErrorCode: fault.code,
    });
  }
});

it('repairs at once what failed while repair was not wanted', () => {
  const failed = node({ phase: 'failed', lastErrorCode: 'not_in_cluster' });
  expect(judgeCheckup(failed, found({ fault: left }), ON)?.patch.phase).toBe('booting');
});

it('gives up repairing what does not last, and never repairs what it cannot', () => {
  const tried = node({ attempts: 2 });
  const often = { wanted: true, done: MOST_REPAIRS };
  expect(judgeCheckup(tried, found({ fault: nginxDown }), often)?.patch.phase).toBe('failed');
  expect(judgeCheckup(tried, found({ fault: unreachable }), ON)?.patch.phase).toBe('failed');
});

it('writes down another role than it knows, when it stays so', () => {
  const changed = found({ role: 'worker' });
  expect(judgeCheckup(node(), changed, OFF)).toMatchObject({
    lookAgainMs: expect.any(Number) as number,
  });
  expect(judgeCheckup(node({ attempts: 2 }), changed, OFF)).toMatchObject({
    patch: { clusterRole: 'worker', attempts: 0 },
    event: { type: 'drift' },
  });
});
