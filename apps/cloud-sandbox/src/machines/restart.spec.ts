import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { appendFileSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, launchOf, TestSandbox } from '../testing/start-sandbox';
import { Journal } from './journal';

it('takes up its instances after a kill in the middle of a launch and of a line', async () => {
  const sandbox = await new TestSandbox().start();
  const launch = new RunInstancesCommand(launchOf(20, { ClientToken: 'kept' }));
  const before = await sandbox.ec2().send(launch);
  // A kill loses what is not in the file at the time of the answer.
  const killed = mkdtempSync(join(tmpdir(), 'cloudhero-killed-'));
  cpSync(sandbox.dir, killed, { recursive: true });
  await sandbox.dispose();
  appendFileSync(join(killed, 'journal.ndjson'), '{"t":"machine","k":"i-0","v":{"sta');
  const next = await new TestSandbox({ CLOUDHERO_SANDBOX_STATE_DIR: killed }).start();
  const describe_ = () => next.ec2().send(new DescribeInstancesCommand({}));
  const reservations = await eventually(async () => {
    const found = (await describe_()).Reservations ?? [];
    return found[0]?.Instances?.every(({ State }) => State?.Name === 'running') && found;
  });
  expect(reservations[0]?.Instances).toHaveLength(20);
  const again = await next.ec2().send(launch);
  expect(again.ReservationId).toBe(before.ReservationId);
  const addresses = reservations[0]?.Instances?.map((each) => each.PrivateIpAddress) ?? [];
  const more = await next.ec2().send(new RunInstancesCommand(launchOf(1)));
  expect(addresses).not.toContain(more.Instances?.[0]?.PrivateIpAddress);
  await next.dispose();
  rmSync(killed, { recursive: true, force: true });
});

it('compacts its file at the start, and drops what was removed', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cloudhero-journal-'));
  const journal = new Journal(dir);
  for (let turn = 0; turn < 100; turn++) {
    journal.put('table', 'key', { turn });
    journal.flush();
  }
  journal.put('table', 'other', {});
  journal.remove('table', 'other');
  journal.close();
  const before = statSync(join(dir, 'journal.ndjson')).size;
  const next = new Journal(dir);
  expect([...next.table('table')]).toEqual([['key', { turn: 99 }]]);
  expect(statSync(join(dir, 'journal.ndjson')).size).toBeLessThan(before / 50);
  next.close();
  rmSync(dir, { recursive: true });
});
