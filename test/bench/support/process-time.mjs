import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds of processor time that a process has used since it started, all its threads together. */
export function processSeconds(pid) {
  // The name in the second field may hold blanks; what follows it is counted from the state.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  const [user, system] = [fields[11], fields[12]].map(Number);
  return (user + system) / ticksPerSecond;
}
