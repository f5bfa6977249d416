import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_DIR } from './paths.mjs';
import { bold, heading, say } from './say.mjs';

/** A Docker CLI configuration that sends the key, and the bundle that opens each node. */
export async function writeClientFiles(client, state) {
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

/** Says what to try now. */
export function nextThings(stack, state) {
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
