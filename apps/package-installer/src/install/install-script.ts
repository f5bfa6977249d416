import { PACKAGE_CATALOGUE } from '@cloudhero/domain';
import type { Recipe } from '../recipes/recipe';
import { quote, writeFile, type RemoteFile } from '../ssh/shell';

/** What went wrong, as the exit status of an installation; told apart by what still works then. */
export const INSTALL_EXIT = {
  /** Lists of packages could not be fetched. */
  update: 40,
  /** apt knows no such package, or cannot install it beside the others. */
  unavailable: 41,
  /** Packages could not be fetched, or somebody else has the package manager. */
  download: 42,
  /** A package's own installation failed. */
  configure: 43,
  /** A service does not run or does not listen. */
  service: 44,
  /** It is installed and does not work. */
  check: 45,
  /** The machine is going down, which makes any of these fail. */
  goingDown: 46,
} as const;

const SETUP = `export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1
. /etc/os-release
apt_get() {
  apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@"
}
# apt does not wait for the lock of its lists as it does for dpkg's.
update() {
  local try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    apt_get -o APT::Update::Error-Mode=any -o Acquire::Languages=none update && break
    pgrep -x 'apt|apt-get|unattended-upgr' >/dev/null || [ $try -lt 3 ] || return 1
    sleep 0.5
  done
  mkdir -p /var/lib/cloudhero && touch /var/lib/cloudhero/apt-updated
}
fresh() { [ -n "$(find /var/lib/cloudhero/apt-updated -mmin -60 2>/dev/null)" ]; }
listening() {
  local try
  for try in $(seq 1 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.2
  done
  return 1
}
if [ -n "$(find /var/lib/dpkg/updates -type f)" ]; then dpkg --force-confold --configure -a; fi`;

/**
 * The shell code that installs a recipe and proves that it works; running it again where it was cut
 * off, or where all is done, is safe. `files` are put in place besides the recipe's own.
 */
export function installScript(recipe: Recipe, files: readonly RemoteFile[] = []): string {
  const { unavailable, update, download, configure, service, check, goingDown } = INSTALL_EXIT;
  const recommends = recipe.recommends ? '' : '--no-install-recommends ';
  const ports = PACKAGE_CATALOGUE.find(({ name }) => name === recipe.name)?.ports ?? [];
  return [
    'install_it() {',
    SETUP,
    ...[...(recipe.files ?? []), ...files].map(writeFile),
    `fresh || update || return ${update}`,
    packagesOf(recipe),
    ...(recipe.aptWhen ?? []).map(
      ({ test, packages }) =>
        `if ${test} >/dev/null 2>&1; then packages+=(${packages.map(quote).join(' ')}); fi`,
    ),
    `apt_for() { apt_get ${recommends}"$@" -- "\${packages[@]}"; }
if ! apt_for install; then
  if ! apt_for --simulate install >/dev/null 2>&1; then
    # Old lists name packages that are gone, or do not know new ones yet.
    update || return ${update}
    apt_for --simulate install || return ${unavailable}
  fi
  apt_for --download-only install || return ${download}
  dpkg --force-confold --configure -a
  apt_get --fix-broken install
  apt_for install || return ${configure}
fi`,
    ...(recipe.services ?? []).map(
      (
        name,
      ) => `if ! systemctl is-active --quiet ${quote(name)} && ! systemctl enable --now ${quote(name)}; then
  systemctl status --no-pager --lines=20 ${quote(name)}
  return ${service}
fi`,
    ),
    ...ports.map(
      (port) =>
        `listening ${port} || { echo 'nothing listens on port ${port}'; return ${service}; }`,
    ),
    `bash -euo pipefail -c ${quote(recipe.check)} || return ${check}`,
    `}
install_it
code=$?
if [ $code -ne 0 ] && [ "$(systemctl is-system-running)" = stopping ]; then return ${goingDown}; fi
return $code`,
  ].join('\n');
}

function packagesOf({ apt }: Recipe): string {
  const list = (names: readonly string[]) => `packages=(${names.map(quote).join(' ')})`;
  if (!('ubuntu' in apt)) return list(apt);
  return `case "$ID \${ID_LIKE:-}" in *ubuntu*) ${list(apt.ubuntu)} ;; *) ${list(apt.debian)} ;; esac`;
}
