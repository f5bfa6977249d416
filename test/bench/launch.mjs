import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../tools/lib/http.mjs';
import { duration, say } from '../../tools/lib/say.mjs';
import { serviceBytes, startStack, stopStack } from '../../tools/lib/stack.mjs';
import { floorMs } from './support/floor.mjs';
import { Product } from './support/product.mjs';

const PLACE = { region: 'us-east-1', size: 't2.micro' };
const NODES = 3;
const ROUNDS = 2;
const SETTLE_MS = 15_000;

/** How fast environments come up, what that asks of the cloud, and what an idle stack takes. */
export async function bench({ dir, name }) {
  const options = { dir, name, quiet: true, preferApiPort: false };
  const stack = await startStack(options);
  const idle = await idleMegabytes(dir);
  await stopStack({ dir });
  const { startMs } = await startStack(options);
  say(`   cold start ${duration(startMs)}`);
  const { url: endpoint, accessKey, secretKey } = stack.sandbox;
  const cloud = { endpoint, accessKey, secretKey };
  const product = await Product.register(stack.url, cloud);
  const scale = await virtualNodes(product, endpoint);
  return {
    'launch.ready-over-floor': await readyOverFloor(product, cloud),
    ...scale,
    'stack.idle-memory-mb': idle,
    'stack.cold-start-seconds': startMs / 1000,
  };
}

async function idleMegabytes(dir) {
  await sleep(SETTLE_MS);
  const megabytes = serviceBytes(dir) / 1e6;
  say(`   idle memory ${megabytes.toFixed(0)} MB`);
  return megabytes;
}

/** Turn by turn, so that whatever else the machine does falls on both. */
async function readyOverFloor(product, cloud) {
  let floor = 0;
  let ready = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const byHand = await floorMs({ ...cloud, ...PLACE }, NODES);
    const began = performance.now();
    const environment = await product.launch(PLACE, NODES, ['docker']);
    const byProduct = performance.now() - began;
    await product.destroy(environment);
    say(`   round ${round}: by hand ${duration(byHand)}, ready after ${duration(byProduct)}`);
    floor += byHand;
    ready += byProduct;
  }
  return ready / floor;
}

/** Launches of nodes that are records only, so that the launching itself is what takes time. */
async function virtualNodes(product, sandbox) {
  const admin = (method, path, json) => call(sandbox, method, `/_sandbox/${path}`, { json });
  await admin('PUT', 'knobs', { virtual: true });
  try {
    await admin('DELETE', 'calls');
    const hundred = await runningMs(product, 100);
    const { total, actions } = (await admin('GET', 'calls')).body;
    say(`   100 nodes running after ${duration(hundred.ms)}, calls: ${JSON.stringify(actions)}`);
    await product.destroy(hundred.environment);
    const thousand = await runningMs(product, 1000);
    say(`   1000 nodes running after ${duration(thousand.ms)}`);
    await product.destroy(thousand.environment);
    return {
      'launch.calls-per-node': total / 100,
      'launch.1000-over-100': thousand.ms / hundred.ms,
    };
  } finally {
    await admin('DELETE', 'knobs');
  }
}

async function runningMs(product, count) {
  const began = performance.now();
  const environment = await product.launch(PLACE, count, [], 'respond-async');
  await product.until(environment, ({ nodes }) => nodes.every(({ state }) => state === 'running'));
  return { environment, ms: performance.now() - began };
}
