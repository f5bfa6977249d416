import { setTimeout as sleep } from 'node:timers/promises';
import { buildMachineImage, setup } from '../setup.mjs';
import { runContainer } from './demo-container.mjs';
import { DemoClient } from './demo-client.mjs';
import { addDigitalOcean, singleDroplet } from './demo-droplet.mjs';
import { nextThings, writeClientFiles } from './demo-files.mjs';
import { launch, REGION, SIZE } from './demo-launch.mjs';
import { readDemo, saveDemo } from './demo-state.mjs';
import { dim, duration, heading, say, timed } from './say.mjs';
import { startStack } from './stack.mjs';

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
  await addDigitalOcean(client, state);
  await client.show('GET', '/providers');
  await client.show('GET', `/providers/${state.provider}/meta`);
  await createApplication(client, state);
  await addIntegration(client, state);
  await createCluster(client, state);
  heading('Asking the cloud about the servers');
  await client.show('GET', `/environments/${state.environment}/query`);
  heading('Running a container in the cluster');
  state.image = await runContainer(client, state);
  saveDemo(state);
  await singleServer(client, state);
  await singleDroplet(client, state);
  await writeClientFiles(client, state);
  nextThings(stack, state);
  say(`\nDone in ${duration(performance.now() - began)}.`);
  return 0;
}

/** What an earlier run made and the API still knows; what depends on something lost is lost too. */
async function remembered(stack) {
  const { accessKey, secretKey, doToken, url: endpoint } = stack.sandbox;
  const sandbox = {
    ec2: { endpoint, accessKey, secretKey },
    digital_ocean: { endpoint, access_token: doToken },
  };
  const state = { ...readDemo(), url: stack.url, region: REGION, size: SIZE, sandbox };
  const client = new DemoClient(stack.url, state.key);
  const found = async (path) => {
    const { status, body } = await client.quiet('GET', path);
    return status === 200 ? body : undefined;
  };
  const forget = (...names) => names.forEach((name) => delete state[name]);
  const applications = state.key && (await found('/applications'));
  if (!applications) forget('key', 'provider', 'droplets', 'application', 'integration');
  for (const provider of ['provider', 'droplets'])
    if (state[provider] && !(await found(`/providers/${state[provider]}`))) forget(provider);
  if (!applications?.some(({ id }) => id === state.application)) forget('application');
  if (!state.provider || !state.application) forget('environment', 'staging', 'single', 'droplet');
  const environment = state.environment && (await found(`/environments/${state.environment}`));
  // One that is not ready any more is left alone, and another is made.
  if (state.environment && !environment?.ready) forget('environment', 'staging');
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
  const nodes = NODES.map((name) => ({ packages: ['docker'], name }));
  state.environment = await launch(client, state, 'staging', nodes);
  saveDemo(state);
}

/** The rest of the reference, on a server that may go: stop, start, delete. */
async function singleServer(client, state) {
  heading('A single server, stopped, started and deleted');
  if (state.singleServer === 'done') return say('   done in the last run');
  const id = await launch(client, state, 'single', [{ packages: ['git'], name: 'server' }]);
  const path = `/environments/${id}`;
  await client.show('GET', `${path}/stop`);
  await until(client, path, 'stopped');
  await client.show('GET', `${path}/start`);
  await until(client, path, 'ready');
  await client.show('GET', `${path}/delete`);
  state.singleServer = 'done';
  saveDemo(state);
}

async function until(client, path, phase) {
  const began = performance.now();
  for (;;) {
    const { body } = await client.quiet('GET', path);
    if (body.phase === phase) break;
    if (['failed', 'degraded'].includes(body.phase))
      throw new Error(`${path} is ${body.phase} instead of ${phase}`);
    await sleep(200);
  }
  say(dim(`  ${phase} after ${duration(performance.now() - began)}`));
}

async function addIntegration(client, state) {
  heading('A Docker Hub account');
  if (state.integration) return say('   kept from the last run');
  // Made up, so it is not given to the cluster: its nodes would log in with it.
  const json = {
    name: "Andrei's docker integration",
    url: 'https://index.docker.io/v1/',
    username: 'username',
    password: 'secretpass',
    email: 'user@email.net',
  };
  const { id } = await client.show('POST', '/integrations/docker-hub', { json });
  state.integration = id;
  saveDemo(state);
}
