import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_DIR } from './paths.mjs';
import { capture, run, which } from './run.mjs';
import { dim, say, UserError } from './say.mjs';

/** What the machine must have besides Node, and the Debian packages that bring it. */
const NEEDED = [
  { what: 'Docker engine', commands: ['dockerd'], packages: ['docker.io'] },
  { what: 'Docker CLI', commands: ['docker'], packages: ['docker-cli', 'docker.io'] },
  {
    what: 'Redis',
    commands: ['redis-server', 'valkey-server'],
    packages: ['redis-server', 'valkey-server'],
  },
  { what: 'debootstrap', commands: ['debootstrap'], packages: ['debootstrap'] },
];

/** What only the tests need. */
export const COMPOSE = {
  what: 'Docker Compose',
  commands: ['docker-compose'],
  packages: ['docker-compose'],
};

/** What one test needs, which is skipped without. */
export const FAKETIME = { what: 'faketime', commands: ['faketime'], packages: ['faketime'] };

const INSTALLED_FILE = join(STATE_DIR, 'installed.json');

/** The Debian packages that these tools have installed on this machine from this checkout. */
export function installedByUs() {
  return existsSync(INSTALLED_FILE) ? JSON.parse(readFileSync(INSTALLED_FILE, 'utf8')) : [];
}

/** Says what is missing and installs it, or says exactly what to install and throws. */
export async function ensureSystemPackages(needed = NEEDED) {
  const missing = needed.filter(({ commands }) => !which(...commands));
  if (missing.length === 0) return;
  say(`   missing: ${missing.map(({ what }) => what).join(', ')}`);
  if (!which('apt-get')) throw new UserError(instructions(missing));
  const sudo = await privilege(missing);
  await apt(sudo, ['update', '-q']);
  const packages = await Promise.all(missing.map(({ packages }) => firstAvailable(packages)));
  const wanted = [...new Set(packages)];
  const before = await present(wanted);
  say(`   installing ${wanted.join(' ')}`);
  await apt(sudo, ['install', '-y', '-q', '--no-install-recommends', ...wanted]);
  await silenceService(sudo, wanted);
  const news = wanted.filter((name) => !before.has(name));
  mkdirSync(STATE_DIR, { recursive: true });
  writeFileSync(INSTALLED_FILE, JSON.stringify([...new Set([...installedByUs(), ...news])]));
  const still = needed.filter(({ commands }) => !which(...commands));
  if (still.length > 0) throw new UserError(instructions(still));
}

function instructions(missing) {
  const lines = missing.map(
    ({ what, packages }) => `  ${what.padEnd(14)} (on Debian and Ubuntu: ${packages.at(-1)})`,
  );
  return `Install these by hand and run the command again:\n${lines.join('\n')}`;
}

/** The words before a command that needs root: none as root, else sudo where it asks nothing. */
export async function privilege(missing = []) {
  if (process.getuid?.() === 0) return [];
  if (which('sudo')) {
    const { code } = await capture('sudo', [process.stdin.isTTY ? '-v' : '-nv']);
    if (code === 0) return ['sudo'];
  }
  throw new UserError(`Neither root nor sudo. ${instructions(missing)}`);
}

function apt(sudo, args) {
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_SUSPEND=1'];
  const [command, ...rest] = [
    ...sudo,
    ...environment,
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    ...args,
  ];
  return run(command, rest, {
    onLine: (line) => /^Setting up/.test(line) && say(dim(`   apt: ${line}`.slice(0, 120))),
  });
}

async function firstAvailable(names) {
  for (const name of names) {
    const { stdout } = await capture('apt-cache', ['policy', name]);
    if (/Candidate: (?!\(none\))/.test(stdout)) return name;
  }
  return names.at(-1);
}

async function present(names) {
  const { stdout } = await capture('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status}\n',
    ...names,
  ]);
  return new Set(
    stdout.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  );
}

/** We run our own Redis on our own port; the service that the package starts is not wanted. */
async function silenceService(sudo, packages) {
  const service = packages.find((name) => /^(redis|valkey)-server$/.test(name));
  if (!service || !existsSync('/run/systemd/system')) return;
  const [command, ...rest] = [...sudo, 'systemctl', 'disable', '--now', service];
  await capture(command, rest);
}

/** Removes the packages that we installed. */
export async function removeSystemPackages() {
  const packages = installedByUs();
  if (packages.length > 0)
    await apt(await privilege(), ['purge', '-y', '-q', '--autoremove', ...packages]);
}
