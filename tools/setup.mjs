import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureEngine } from './lib/docker.mjs';
import { ROOT } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { dim, heading, main, say, timed, UserError } from './lib/say.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

const OLDEST_NODE = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new UserError(
    `Node ${process.versions.node} is too old; install ${OLDEST_NODE.join('.')} or newer.`,
  );
}

async function installModules() {
  const marker = join(ROOT, 'node_modules', '.package-lock.json');
  const lock = join(ROOT, 'package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  say('   installing packages (npm ci)');
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Install scripts are off, so Postgres's one, which makes links of its libraries, runs here. */
async function linkPostgresLibraries() {
  const { POSTGRES_PACKAGE } = await import('./lib/postgres.mjs');
  if (!existsSync(POSTGRES_PACKAGE))
    throw new UserError(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}.`,
    );
  const links = JSON.parse(
    readFileSync(join(POSTGRES_PACKAGE, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  const made = links.every(({ target }) =>
    lstatSync(join(POSTGRES_PACKAGE, target), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
  if (made) return;
  await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: POSTGRES_PACKAGE });
}

/** Builds every project; what has not changed comes from nx's cache. */
async function build() {
  const nx = join(ROOT, 'node_modules', '.bin', 'nx');
  const env = { NX_DAEMON: 'false', NX_TUI: 'false' };
  await run(nx, ['run-many', '-t', 'build', '--output-style=static'], { env });
}

/**
 * The image that the sandbox's machines boot from; built once, from Debian's packages.
 * @param {object} [env] of the sandbox, to say which engine
 */
export async function buildMachineImage(env) {
  const script = join(ROOT, 'apps', 'cloud-sandbox', 'dist', 'build-machine-image.js');
  let told = 0;
  const onLine = (line) => {
    const now = Date.now();
    if (now - told < 2000 && !/^Step/.test(line)) return;
    told = now;
    say(dim(`   image: ${line}`.slice(0, 120)));
  };
  await run(process.execPath, [script], { env, onLine });
}

/** Makes a machine that has only Node ready to run everything here. Does nothing twice. */
export async function setup() {
  checkNode();
  heading('Setting up');
  // Debian's packages and npm's do not wait for each other.
  const modules = timed('packages from npm', installModules);
  modules.catch(() => undefined);
  await timed('what the machine needs', ensureSystemPackages);
  await timed('Docker engine', ensureEngine);
  await modules;
  await timed('embedded Postgres', linkPostgresLibraries);
  await timed('build', build);
}

if (process.argv[1] === import.meta.filename) main(setup);
