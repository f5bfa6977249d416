import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ErrorBody, SIZE } from './support/client';
import { end, flushRedis, redis, runService, signal, startAgain } from './support/processes';
import { sandbox } from './support/sandbox';
import { stack } from './support/stack';
import { waitFor } from './support/wait-for';

const NODES = 4;
/** Longer than any worker's lease. */
const PAUSE_MS = 32_000;

/** A customer with a cloud account of its own, so that whatever is left in it was left by one test. */
async function customer() {
  const client = await Client.register();
  const cloud = await sandbox.createAccount();
  const provider = await client.addProvider(cloud);
  const application = await client.createApplication();
  await client.must('GET', `/providers/${provider}/meta`);
  const nodes = Array.from({ length: NODES }, (_, index) => ({
    name: `node${String(index)}`,
    packages: [],
    size: SIZE,
  }));
  return {
    client,
    cloud,
    launch: () => client.launch(application, provider, nodes),
    /** Until every server runs, which is as far as a virtual one gets. */
    running: async (environment: string) => {
      await waitFor(
        'every server to run',
        async () =>
          (await client.state(environment)).nodes.every(({ phase }) => phase === 'booting'),
        { timeoutMs: 120_000 },
      );
      expect(await sandbox.alive(cloud.account)).toHaveLength(NODES);
    },
    gone: async (environment: string) => {
      await waitFor(
        'the environment to be deleted',
        async () => {
          const { status, body } = await client.call<{ deleted_at: string | null }>(
            'GET',
            `/environments/${environment}`,
          );
          return status === 404 || (status === 200 && body.deleted_at !== null);
        },
        { timeoutMs: 120_000 },
      );
      expect(await sandbox.left(cloud.account)).toEqual([]);
    },
  };
}

describe('a fault of ours in the middle of launches and deletes doubles and loses nothing:', () => {
  beforeEach(() => sandbox.setKnobs({ virtual: true, latencyMs: { min: 200, max: 400 } }));
  afterEach(async () => {
    await startAgain();
    await sandbox.resetKnobs();
  });

  it('Postgres away is 503 with when to come back, and who waits rides over it', async () => {
    const { client, launch, running, gone } = await customer();
    const first = await launch();
    await running(first);
    const second = await launch();
    await sandbox.setKnobs({ virtual: true, latencyMs: { min: 1500, max: 1500 } });
    const deleting = client.call('DELETE', `/environments/${first}`);
    await sleep(700);
    await end('postgres', 'SIGINT');
    const began = Date.now();
    const answer = await client.call<ErrorBody>('GET', `/environments/${first}`);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, expect.any(String)]);
    expect(answer.body.errors[0]?.code).toBe('unavailable');
    expect(Date.now() - began).toBeLessThan(6000);
    await sleep(3000);
    await startAgain();
    expect((await deleting).status).toBe(200);
    await sandbox.setKnobs({ virtual: true });
    await running(second);
    await client.must('DELETE', `/environments/${second}`);
    await gone(second);
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['restarted', () => end('redis'), startAgain],
    ['emptied', flushRedis, flushRedis],
    ['full', () => redis('CONFIG SET maxmemory 1'), () => redis('CONFIG SET maxmemory 0')],
  ])('Redis %s only makes it slower', async (_, fault, over) => {
    const { client, launch, running, gone } = await customer();
    const environment = await launch();
    await fault();
    await running(environment);
    await client.must('DELETE', `/environments/${environment}`);
    await gone(environment);
    await over();
  });

  it('a worker paused for longer than its lease, which then goes on', async () => {
    const { client, launch, running, gone } = await customer();
    const [first, second] = [await launch(), await launch()];
    await sleep(300);
    signal('provisioner', 'SIGSTOP');
    const began = Date.now();
    await running2(client, [first, second]);
    await client.must('DELETE', `/environments/${second}`);
    await sleep(Math.max(0, began + PAUSE_MS - Date.now()));
    signal('provisioner', 'SIGCONT');
    await sleep(2000);
    await gone2(client, second);
    await running(first);
    await client.must('DELETE', `/environments/${first}`);
    await gone(first);
  });

  it.each(['provisioner', 'package-installer', 'api-gateway', 'swarm-proxy', 'cloud-sandbox'])(
    '%s asked to end ends at once, without an error',
    async (app) => {
      const { client, launch, running, gone } = await customer();
      await end(app);
      const { child, ended } = await runService(app);
      await sandbox.setKnobs({ virtual: true, latencyMs: { min: 200, max: 400 } });
      const environment = await launch();
      await sleep(400);
      const began = Date.now();
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(Date.now() - began).toBeLessThan(30_000);
      await startAgain();
      await running(environment);
      await client.must('DELETE', `/environments/${environment}`);
      await gone(environment);
    },
  );

  const library = faketimeLibrary();
  const itWithFaketime = library ? it : it.skip;

  itWithFaketime.each(['+1h', '-1h'])('a worker whose clock is %s off', async (offset) => {
    const { client, launch, running, gone } = await customer();
    await Promise.all([end('provisioner'), end('provisioner-2')]);
    const { child, ended } = await runService('provisioner', {
      LD_PRELOAD: library ?? '',
      FAKETIME: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    const began = Date.now();
    const environment = await launch();
    await running(environment);
    await client.must('DELETE', `/environments/${environment}`);
    await gone(environment);
    expect(Date.now() - began).toBeLessThan(45_000);
    child.kill('SIGTERM');
    await ended;
  });

  const isSmall = spawnSync('mountpoint', ['-q', stack.dir]).status === 0;
  const itOnSmallDisk = isSmall ? it : it.skip;

  itOnSmallDisk('a full disk is never a 500, and all goes on when there is room', async () => {
    const { client, launch, running, gone } = await customer();
    const environment = await launch();
    const filler = join(stack.dir, 'filler');
    for (const bytes of [1 << 20, 4096]) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(bytes, 1), { flag: 'a' });
      } catch {
        // full
      }
    }
    const statuses = new Set<number>();
    for (let round = 0; round < 15; round += 1) {
      const json = { application_name: `app${String(round)}`, application_type: 'custom' };
      statuses.add((await client.call('POST', '/applications', { json })).status);
      statuses.add((await client.call('GET', `/environments/${environment}`)).status);
      await sleep(200);
    }
    rmSync(filler);
    expect([...statuses].filter((status) => ![200, 201, 503, 507].includes(status))).toEqual([]);
    await startAgain();
    await running(environment);
    await client.must('DELETE', `/environments/${environment}`);
    await gone(environment);
  });
});

/** Of Debian's package faketime. The command itself would not pass signals on. */
function faketimeLibrary(): string | undefined {
  const { stdout } = spawnSync('dpkg', ['-L', 'libfaketime'], { encoding: 'utf8' });
  return /^.*\/libfaketime\.so\.1$/m.exec(stdout)?.[0];
}

/** Of an account with more than one environment. */
async function running2(client: Client, environments: string[]) {
  for (const environment of environments) {
    await waitFor('every server to run', async () =>
      (await client.state(environment)).nodes.every(({ phase }) => phase === 'booting'),
    );
  }
}

async function gone2(client: Client, environment: string) {
  await waitFor('the environment to be deleted', async () => {
    const path = `/environments/${environment}`;
    const { status, body } = await client.call<{ deleted_at: string | null }>('GET', path);
    return status === 404 || body.deleted_at !== null;
  });
}
