import { quote } from './shell';

/** Another script of ours was still at work when the time to wait for it was over. */
export const EXIT_BUSY = 75;
/** `timeout` cut the script off. */
export const EXIT_TIMEOUT = 124;

/**
 * Runs as root what comes on standard input. The script goes on when the connection is lost, or
 * package managers would be cut off in the middle; the next run waits for it at the lock. Nothing
 * of it is in any argument list.
 */
const RUNNER = `umask 077
dir=$(mktemp -d /run/cloudhero.XXXXXXXX) || exit 1
cat >"$dir/script"
: >"$dir/log"
setsid flock -o -w 900 -E ${EXIT_BUSY} /run/cloudhero.lock timeout -k 10 1800 bash "$dir/script" >"$dir/log" 2>&1 </dev/null &
pid=$!
tail -n +1 -s 0.05 --pid=$pid -f "$dir/log"
wait $pid
code=$?
rm -rf "$dir"
exit $code`;

export const RUN_COMMAND = `exec sudo -n /bin/bash -c ${quote(RUNNER)}`;

/**
 * Makes a script out of shell code. All of it is read before any of it runs, so that a connection
 * which breaks off while it is sent runs nothing.
 */
export function remoteScript(code: string): string {
  return `main() {
rm -f -- "$0"
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
cd /
${code}
}
main
exit $?
`;
}
