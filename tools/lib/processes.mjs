import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Detached processes that are known by a name, in `DIR/run/NAME.json` and `DIR/logs/NAME.log`. A pid
 * is believed only with the start time that was written down, for pids are used again.
 */
const pidFile = (dir, name) => join(dir, 'run', `${name}.json`);
export const logFile = (dir, name) => join(dir, 'logs', `${name}.log`);

/** When a process started, in whatever unit this system tells; undefined when it is not alive. */
function startTime(pid) {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The pid of a process that runs under this name, or undefined. */
export function pidOf(dir, name) {
  if (!existsSync(pidFile(dir, name))) return undefined;
  const { pid, started } = JSON.parse(readFileSync(pidFile(dir, name), 'utf8'));
  return startTime(pid) === started ? pid : undefined;
}

/** Starts a process that outlives us; its output is appended to its log. */
export function spawnDetached(dir, name, command, args, { cwd, env } = {}) {
  mkdirSync(join(dir, 'run'), { recursive: true });
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const log = openSync(logFile(dir, name), 'a', 0o600);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', () => undefined); // seen as a process that is not alive
  child.unref();
  if (child.pid === undefined) throw new Error(`${command} cannot be started`);
  const entry = { pid: child.pid, started: startTime(child.pid) };
  writeFileSync(pidFile(dir, name), JSON.stringify(entry), { mode: 0o600 });
  return child.pid;
}

/** Asks a process to end with `signal`, and ends it when it has not after `patienceMs`. */
export async function stopProcess(dir, name, signal = 'SIGTERM', patienceMs = 30_000) {
  const pid = pidOf(dir, name);
  if (pid !== undefined) {
    send(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (pidOf(dir, name) !== undefined && Date.now() < deadline) await sleep(25);
    if (pidOf(dir, name) !== undefined) send(pid, 'SIGKILL');
    while (pidOf(dir, name) !== undefined) await sleep(25);
  }
  rmSync(pidFile(dir, name), { force: true });
  return pid !== undefined;
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid) {
  const kibibytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kibibytes) * 1024;
}

/** The last lines of a process's log. */
export function lastLines(dir, name, count = 15) {
  if (!existsSync(logFile(dir, name))) return '';
  return readFileSync(logFile(dir, name), 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
