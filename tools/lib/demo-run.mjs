import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildMachineImage, setup } from '../setup.mjs';
import { runContainer } from './demo-container.mjs';
import { DemoClient } from './demo-client.mjs';
import { readDemo, saveDemo } from './demo-state.mjs';
import { serverSentEvents } from './http.mjs';
import { STATE_DIR } from './paths.mjs';
import { bold, cyan, dim, duration, heading, say, timed } from './say.mjs';
import { startStack } from './stack.mjs';

const REGION = 'us-east-1';
const SIZE = 't2.micro';
const NODES = ['docker1', 'docker2', 'docker3'];

/** The main job, once through, with the calls of the reference. */
export async function demo() {
  const began = performance.now();
  await setup();
  await timed('image of the machines', () => buildMachineImage());
  heading('Starting Postgres, Redis and the services');
  const stack = await startStack();
  say(`   ready in ${duration(stack.startMs)}`);
  const state = await remembered(stack);
  const client = new DemoClient(stack.url, state.key);
  await register(client, state);
  await addProvider(client, state);
  await createApplication(client, state);
  await createCluster(client, state);
  heading('Asking the cloud about the servers');
  await client.show('GET', `/environments/${state.environment}/query`);
  heading('Running a container in the cluster');
  state.image = await runContainer(client, state);
  saveDemo(state);
  await writeClientFiles(client, state);
  nextThings(stack, state);
  say(`\nDone in ${duration(performance.now() - began)}.`);
  return 0;
}

/** What an earlier run made and the API still knows. */
async function remembered(stack) {
  const state = { ...readDemo(), url: stack.url, region: REGION, size: SIZE };
  const { accessKey, secretKey, url: endpoint } = stack.sandbox;
  state.sandbox = { ec2: { endpoint, accessKey, secretKey } };
  const client = new DemoClient(stack.url, state.key);
  const knows = async (path) => (await client.quiet('GET', path)).status === 200;
  if (!state.key || !(await knows('/applications'))) delete state.key;
  if (!state.key || !(await knows(`/providers/${state.provider}`))) delete state.provider;
  const { body: applications } = state.key
    ? await client.quiet('GET', '/applications')
    : { body: [] };
  if (!applications.some(({ id }) => id === state.application)) delete state.application;
  const path = `/environments/${state.environment}`;
  const { status, body } = state.key ? await client.quiet('GET', path) : {};
  if (status !== 200 || body.ready !== true) delete state.environment;
  return state;
}

async function register(client, state) {
  heading('An account');
  if (state.key) return say(`   kept from the last run: key ${state.key.slice(0, 6)}…`);
  const email = `demo-${Date.now().toString(36)}@example.com`;
  const password = `demo-${Math.random().toString(36).slice(2)}-${Date.now()}`;
  const [account] = await client.show('POST', '/accounts/register', {
    json: { email, password, password_confirm: password, name: 'Demo', user_name: email },
  });
  state.key = client.key = account.persistent_token;
  saveDemo(state);
}

async function addProvider(client, state) {
  heading('A cloud provider');
  if (state.provider) say('   kept from the last run');
  else {
    const { endpoint, accessKey, secretKey } = state.sandbox.ec2;
    const json = {
      cloud_provider: 'ec2',
      provider_name: 'my-provider',
      accessKey,
      secretKey,
      endpoint,
    };
    const note = "endpoint: this machine's own small cloud; leave it out for Amazon's";
    const [provider] = await client.show('POST', '/providers', { json, note });
    state.provider = provider.id;
    saveDemo(state);
  }
  await client.show('GET', '/providers');
  await client.show('GET', `/providers/${state.provider}/meta`);
}

async function createApplication(client, state) {
  heading('An application');
  if (state.application) return say('   kept from the last run');
  const json = { application_name: 'My App', application_type: 'custom' };
  const [application] = await client.show('POST', '/applications', { json });
  state.application = application.id;
  saveDemo(state);
}

async function createCluster(client, state) {
  heading('A Docker cluster of three servers');
  if (state.environment) return say('   kept from the last run: it is ready');
  const path = `/applications/${state.application}/environments`;
  const nodes = NODES.map((name) => ({ packages: ['docker'], name, size: SIZE }));
  const environment = `staging-${Date.now().toString(36)}`;
  const json = { provider_id: state.provider, region: REGION, environment, nodes };
  const over = new AbortController();
  const progress = followNewEnvironment(client, state, over.signal);
  try {
    const answer = await client.show('POST', path, { json, note: 'answers when they are ready' });
    state.environment = answer.environment;
  } finally {
    over.abort();
    await progress;
  }
  saveDemo(state);
}

/** Prints each node's progress while the call that made the environment waits for it. */
async function followNewEnvironment(client, state, signal) {
  const list = async () => {
    const { body } = await client.quiet('GET', '/applications');
    return body.find(({ id }) => id === state.application)?.environments ?? [];
  };
  const before = new Set(await list());
  let id;
  while (!id && !signal.aborted) {
    await sleep(200);
    id = (await list()).find((candidate) => !before.has(candidate));
  }
  if (!id) return;
  const began = performance.now();
  const path = `/environments/${id}/events`;
  try {
    for await (const event of serverSentEvents(client.url, path, {
      headers: client.headers,
      signal,
    })) {
      const who = event.node ?? '';
      const at = duration(performance.now() - began).padStart(8);
      say(
        `  ${dim(at)}  ${cyan(who.padEnd(9))} ${(event.phase ?? '').padEnd(11)} ${event.message}`,
      );
    }
  } catch (error) {
    if (!signal.aborted) say(dim(`  (no live progress: ${error.message})`));
  }
}

/** A Docker CLI configuration that sends the key, and the bundle that opens each node. */
async function writeClientFiles(client, state) {
  const config = join(STATE_DIR, 'docker-config');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const headers = { HttpHeaders: { 'Authentication-Token': state.key } };
  writeFileSync(join(config, 'config.json'), JSON.stringify(headers, null, 2), { mode: 0o600 });
  writeFileSync(join(STATE_DIR, 'demo.env'), shellVariables(state, config), { mode: 0o600 });
  const { status, body } = await client.quiet('GET', `/environments/${state.environment}/docker`);
  if (status !== 200) return;
  const bundle = join(STATE_DIR, 'demo-bundle');
  mkdirSync(bundle, { recursive: true, mode: 0o700 });
  const files = { 'ca.pem': body.ca, 'cert.pem': body.cert, 'key.pem': body.key };
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(bundle, name), text, { mode: 0o600 });
  const [node] = body.nodes;
  state.node = node && `${node.host}:${node.port}`;
}

const clusterHost = ({ url, environment }) => `tcp://${new URL(url).host}/swarm/${environment}`;

/** For `. .cloudhero/demo.env` in a shell. */
function shellVariables(state, config) {
  const variables = {
    URL: state.url,
    KEY: state.key,
    APPLICATION: state.application,
    PROVIDER: state.provider,
    ENVIRONMENT: state.environment,
    IMAGE: state.image,
    CLUSTER: clusterHost(state),
    DOCKER_CONFIG: config,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
}

function nextThings(stack, state) {
  heading('It runs. Things to try next');
  const things = [
    ['Its addresses and your key, for a shell', '. .cloudhero/demo.env'],
    ['The cluster, with the stock Docker CLI', 'docker -H "$CLUSTER" info'],
    ['A container in it', 'docker -H "$CLUSTER" run --rm "$IMAGE" echo hello'],
    state.node && [
      'One node alone, over mutual TLS',
      `docker --tlsverify --tlscacert .cloudhero/demo-bundle/ca.pem --tlscert .cloudhero/demo-bundle/cert.pem \\\n     --tlskey .cloudhero/demo-bundle/key.pem -H ${state.node} info`,
    ],
    ['The API, described', `${stack.url}/docs`],
    [
      'The queues (user operator, password: operatorPassword in .cloudhero/stack.json)',
      `${stack.url}/admin/queues`,
    ],
    ['The services', 'npm run stack -- status'],
    ['The end of it', 'npm run demo -- --clean'],
  ];
  for (const [what, how] of things.filter(Boolean)) say(`   ${what}\n     ${bold(how)}`);
}
