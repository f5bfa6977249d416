import { setTimeout as sleep } from 'node:timers/promises';
import { duration, say } from '../../tools/lib/say.mjs';
import { pidOf, residentBytes, stopProcess } from '../../tools/lib/processes.mjs';
import { startStack } from '../../tools/lib/stack.mjs';
import { processSeconds } from './support/process-time.mjs';
import { Product } from './support/product.mjs';
import { Rows } from './support/rows.mjs';
import { bareLaunchMs, VirtualCloud } from './support/virtual-cloud.mjs';

export const machines = false;

const SIZE = 't2.micro';
/** In turn: a default subnet has 4,091 addresses, and the sandbox's are the same for every account. */
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'];
/** Of a round: accounts, environments of each, nodes of each of those. */
const ROUND = { accounts: 20, batches: 3, count: 30 };
const NODES = ROUND.accounts * ROUND.batches * ROUND.count;
/**
 * What is launched beside two rounds' nodes to make them ten thousand. EC2 gives an account a thousand
 * instances in a region at once, and from then on two a second.
 */
const MORE = { accounts: 8, batches: 1, count: 800 };
const ALL_NODES = 2 * NODES + MORE.accounts * MORE.batches * MORE.count;
/** Longer than from one look at an account to the next: the first reads all that the launch has changed. */
const SETTLE_MS = 60_000;
const IDLE_MS = 150_000;

/**
 * What a provisioner does in a second, what it asks of clouds for that, and what it takes while there
 * is nothing to do. All instances are virtual, so the sandbox, which shares this machine's cores with
 * whatever is measured, costs as little as it can. No package-installer runs: nothing could be
 * installed.
 */
export async function bench({ dir, name }) {
  const options = {
    dir,
    name,
    quiet: true,
    durable: false,
    preferApiPort: false,
    services: ['api-gateway', 'swarm-proxy', 'provisioner', 'cloud-sandbox'],
    replicas: { provisioner: 2 },
    env: {
      'api-gateway': { CLOUDHERO_RATE_LIMIT_PER_MINUTE: '1000000' },
      'cloud-sandbox': { CLOUDHERO_SANDBOX_MACHINES: 'virtual' },
    },
  };
  const stack = await startStack(options);
  const second = () => stopProcess(dir, 'provisioner-2');
  await second();
  const cloud = new VirtualCloud(stack.sandbox.url);
  const [firstAccount] = await cloud.accounts(1);
  const product = await Product.register(stack.url, firstAccount);
  const rows = await Rows.open(stack.config);
  try {
    const setting = { dir, cloud, product, rows };
    const one = await round(setting, ['provisioner']);
    await startStack(options);
    const two = await round(setting, ['provisioner', 'provisioner-2']);
    await second();
    const bare =
      NODES /
      ((await bareLaunchMs(await cloud.accounts(ROUND.accounts), {
        regions: REGIONS,
        size: SIZE,
        ...ROUND,
      })) /
        1000);
    say(`   the SDK alone: ${bare.toFixed(0)} nodes a second`);
    const idle = await idleAtTenThousand(setting);
    return {
      'provisioner.nodes-per-second-1': one.perSecond,
      'provisioner.nodes-per-second-2': two.perSecond,
      'provisioner.two-over-one': two.perSecond / one.perSecond,
      'provisioner.one-over-bare-sdk': one.perSecond / bare,
      'provisioner.calls-per-node': one.callsPerNode,
      ...idle,
    };
  } finally {
    await rows.close();
  }
}

/** Environments are asked for while nobody works, so that the asking is not what is measured. */
async function round(setting, provisioners) {
  const { dir, cloud, rows } = setting;
  const before = await rows.count(`phase = 'booting'`);
  const providers = await addProviders(setting, ROUND.accounts);
  const pids = provisioners.map((id) => pidOf(dir, id));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await askForAll(setting, providers, ROUND);
    await cloud.resetCalls();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  const began = performance.now();
  const cpu = pids.map(processSeconds);
  await rows.untilRunning(before + NODES);
  const seconds = (performance.now() - began) / 1000;
  const busy = pids.reduce((sum, pid, i) => sum + processSeconds(pid) - cpu[i], 0);
  const { total, actions } = await cloud.calls();
  say(
    `   ${pids.length} provisioner(s): ${NODES} nodes running after ${duration(seconds * 1000)}, ` +
      `${busy.toFixed(1)} s of processor time, calls: ${JSON.stringify(actions)}`,
  );
  return { perSecond: NODES / seconds, callsPerNode: total / NODES };
}

async function idleAtTenThousand(setting) {
  const { dir, cloud, rows } = setting;
  const began = performance.now();
  await askForAll(setting, await addProviders(setting, MORE.accounts), MORE);
  await rows.untilRunning(ALL_NODES);
  say(`   ${ALL_NODES} nodes running after another ${duration(performance.now() - began)}`);
  await rows.makeReady();
  await sleep(SETTLE_MS);
  const pid = pidOf(dir, 'provisioner');
  await cloud.resetCalls();
  const used = processSeconds(pid);
  const since = performance.now();
  await sleep(IDLE_MS);
  const percent = ((processSeconds(pid) - used) / ((performance.now() - since) / 1000)) * 100;
  const megabytes = residentBytes(pid) / 1e6;
  const { total } = await cloud.calls();
  say(
    `   ${ALL_NODES} idle nodes: ${percent.toFixed(2)} % of a core, ` +
      `${megabytes.toFixed(0)} MB, ${total} calls in ${duration(IDLE_MS)}`,
  );
  return {
    'provisioner.memory-mb-at-10000': megabytes,
    'provisioner.idle-core-percent-at-10000': percent,
  };
}

async function addProviders({ cloud, product }, count) {
  const accounts = await cloud.accounts(count);
  return Promise.all(accounts.map((account) => product.addProvider(account)));
}

async function askForAll({ product }, providers, { batches, count }) {
  for (let batch = 0; batch < batches; batch++)
    for (const [index, provider] of providers.entries()) {
      const region = REGIONS[index % REGIONS.length];
      await product.launch({ region, size: SIZE, provider }, count, [], 'respond-async');
    }
}
