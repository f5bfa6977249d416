import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionJson, dropletOf, type DropletJson } from '../testing/do-client';
import { eventually, TestSandbox } from '../testing/start-sandbox';

it('takes up droplets and their actions after a kill', async () => {
  const sandbox = await new TestSandbox().start();
  await sandbox.admin('PUT', 'knobs', { bootDelayMs: 100, shutdownIgnored: { afterMs: 700 } });
  const client = sandbox.digitalOcean();
  const create = async (name: string) =>
    (await client.call<{ droplet: DropletJson }>('POST', 'droplets', dropletOf(name))).body.droplet;
  const unlocked = async (id: number, of = client) =>
    eventually(async () => {
      const droplet = await of.droplet(id);
      return !droplet.locked && droplet;
    });
  const [cycled, ignoring] = [await create('cycled'), await create('ignoring')];
  await Promise.all([unlocked(cycled.id), unlocked(ignoring.id)]);
  const act = async (id: number, type: string) =>
    (await client.call<{ action: ActionJson }>('POST', `droplets/${id}/actions`, { type })).body
      .action;
  const actions = [await act(cycled.id, 'power_cycle'), await act(ignoring.id, 'shutdown')];
  const young = await create('young');
  // A kill loses what is not in the file at the time of the answer.
  const killed = mkdtempSync(join(tmpdir(), 'cloudhero-killed-'));
  cpSync(sandbox.dir, killed, { recursive: true });
  await sandbox.dispose();
  const next = await new TestSandbox({ CLOUDHERO_SANDBOX_STATE_DIR: killed }).start();
  const again = next.digitalOcean();
  const states = await Promise.all([cycled, ignoring, young].map(({ id }) => unlocked(id, again)));
  expect(states.map(({ status }) => status)).toEqual(['active', 'active', 'active']);
  const statuses = await Promise.all(
    actions.map(async ({ id }) => (await again.action(id)).status),
  );
  expect(statuses).toEqual(['completed', 'errored']);
  const more = await again.call<{ droplet: DropletJson }>('POST', 'droplets', dropletOf('more'));
  expect(more.body.droplet.id).toBeGreaterThan(young.id);
  const addresses = (await again.droplets()).flatMap(({ networks }) =>
    networks.v4.map(({ ip_address }) => ip_address),
  );
  expect(new Set(addresses).size).toBe(addresses.length);
  await next.dispose();
  rmSync(killed, { recursive: true, force: true });
});
