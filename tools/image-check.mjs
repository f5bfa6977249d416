import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from './lib/ports.mjs';
import { capture, run } from './lib/run.mjs';
import { dim, heading, main, say } from './lib/say.mjs';
import { environmentOf, SERVICES } from './lib/services.mjs';
import { startStack } from './lib/stack.mjs';
import { COMPOSE, ensureSystemPackages } from './lib/system-packages.mjs';
import { Tally } from './lib/tally.mjs';
import { withTemporary } from './lib/temporary.mjs';

const OFFICIAL_BASE = 'node:24-bookworm-slim';
const MADE_BASE = 'cloudhero-node-base:check';
const DEBIAN = ['debian:bookworm-slim', 'cloudhero-machine-base:bookworm'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const PULL_PATIENCE_MS = 60_000;
const HEALTH_PATIENCE_MS = 60_000;

const docker = (...args) => run('docker', args);
const has = async (image) => (await capture('docker', ['image', 'inspect', image])).code === 0;

/** An image with Node to build on: the official one, or this machine's Node on a Debian base. */
async function ensureBase() {
  if (await has(OFFICIAL_BASE)) return OFFICIAL_BASE;
  const signal = AbortSignal.timeout(PULL_PATIENCE_MS);
  const pulled = await capture('docker', ['pull', '-q', OFFICIAL_BASE], { signal }).catch(
    () => ({}),
  );
  if (pulled.code === 0) return OFFICIAL_BASE;
  for (const debian of DEBIAN) if (await has(debian)) return makeBase(debian);
  return undefined;
}

async function makeBase(debian) {
  const context = await mkdtemp(join(tmpdir(), 'cloudhero-base-'));
  try {
    await mkdir(join(context, 'bin'));
    await cp(realpathSync(process.execPath), join(context, 'bin', 'node'));
    const { stdout } = await run('npm', ['root', '-g']);
    await cp(join(stdout.trim(), 'npm'), join(context, 'npm'), { recursive: true });
    if (existsSync(CERTIFICATES)) await cp(CERTIFICATES, join(context, 'certificates.crt'));
    else await writeFile(join(context, 'certificates.crt'), '');
    const lines = [
      `FROM ${debian}`,
      'COPY bin/node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      `COPY certificates.crt ${CERTIFICATES}`,
      `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm' +
        ' && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && node --version',
    ];
    await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
    await docker('build', '-q', '-t', MADE_BASE, context);
    return MADE_BASE;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Builds the image, runs each service but the sandbox from it, and waits until all are healthy. */
async function buildAndRun(base, { dir, name }) {
  const image = `cloudhero-check:${name}`;
  const containers = [];
  try {
    await run(
      'docker',
      ['build', '--network', 'host', '--build-arg', `BASE=${base}`, '-t', image, '.'],
      {
        onLine: (line) => /^(Step|#\d+ \[)/.test(line) && say(dim(`   ${line}`.slice(0, 120))),
      },
    );
    const options = { dir, name, services: [], durable: false, preferApiPort: false, quiet: true };
    const { config } = await startStack(options);
    const services = SERVICES.filter(({ app }) => app !== 'cloud-sandbox');
    for (const { app } of services)
      config.ports[app] = await choosePort(new Set(Object.values(config.ports)));
    for (const service of services) {
      const { app } = service;
      const env = environmentOf(dir, config, { ...service, id: app });
      const flags = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const hardened = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--network', 'host'];
      const command = ['node', '--enable-source-maps', `apps/${app}/dist/main.js`];
      containers.push(`${name}-${app}`);
      await docker(
        'run',
        '-d',
        '--name',
        `${name}-${app}`,
        ...hardened,
        ...flags,
        image,
        ...command,
      );
    }
    for (const container of containers) await healthy(container);
    return 0;
  } finally {
    if (containers.length > 0) await capture('docker', ['rm', '-f', ...containers]);
    await capture('docker', ['rmi', '-f', image]);
    await capture('docker', ['image', 'prune', '-f', '--filter', 'label=cloudhero.stage=build']);
  }
}

async function healthy(container) {
  const deadline = Date.now() + HEALTH_PATIENCE_MS;
  for (;;) {
    const format = '{{.State.Status}} {{.State.Health.Status}} {{.Config.User}}';
    const { stdout } = await docker('inspect', '-f', format, container);
    if (stdout.startsWith('running healthy 10001')) return;
    if (!stdout.startsWith('running') || Date.now() > deadline) {
      const { output } = await capture('docker', ['logs', '--tail', '20', container]);
      throw new Error(`${container} is ${stdout.trim()}:\n${output}`);
    }
    await sleep(500);
  }
}

/** The words that call Compose, as a plugin of the CLI or as Debian has it; undefined without. */
async function composeCommand() {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const { code } = await capture(command[0], [...command.slice(1), 'version']).catch(() => ({}));
    if (code === 0) return command;
  }
  return undefined;
}

/** Compose's own check of the files. */
async function composeCheck(tally, dir) {
  if (!(await composeCommand())) await ensureSystemPackages([COMPOSE]).catch(() => undefined);
  const found = await composeCommand();
  if (!found) return tally.skip('compose files', 'no docker compose is installed, nor can be');
  const env = join(dir, 'compose.env');
  const example = await readFile('.env.example', 'utf8');
  await writeFile(env, example.replace(/^(\w+)=$/gm, '$1=1'));
  const [command, ...words] = found;
  const files = ['-f', 'docker-compose.yml', '-f', 'docker-compose.sandbox.yml'];
  for (const chosen of [files.slice(0, 2), files])
    await tally.check(`compose ${chosen.at(-1)}`, () =>
      run(command, [...words, '--env-file', env, ...chosen, 'config', '-q']).then(() => 0),
    );
}

/** Proves the Dockerfile and the compose files; says why where it cannot. */
export async function imageCheck(tally) {
  heading('Image and compose files');
  await withTemporary(async (entry) => {
    await composeCheck(tally, entry.dir);
    const base = await ensureBase();
    if (!base) return tally.skip('image', 'no registry, and no Debian base to build on');
    say(`   building on ${base}`);
    return tally.check('image of the services', () => buildAndRun(base, entry));
  });
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(dirname(import.meta.dirname));
  main(async () => {
    const tally = new Tally();
    await imageCheck(tally);
    return tally.close();
  });
}
