import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './paths.mjs';

/** System folders that a plain user's PATH leaves out, where Debian keeps daemons. */
const DAEMON_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of the first of `names` that is installed. */
export function which(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...DAEMON_FOLDERS];
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not there
      }
    }
  return undefined;
}

/**
 * Runs a command to its end, telling of each line that it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: object, onLine?: (line: string) => void, input?: string,
 *   signal?: AbortSignal}} [options]
 * @returns {Promise<{code: number, stdout: string, output: string}>} whatever the exit code
 */
export function capture(command, args, { cwd = ROOT, env, onLine, input, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      signal,
    });
    let stdout = '';
    let output = '';
    const listen = (stream, keep) => {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        keep(text);
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        if (onLine) for (const line of lines) if (line.trim()) onLine(line);
      });
      stream.on('end', () => rest.trim() && onLine?.(rest));
    };
    listen(child.stdout, (text) => {
      stdout += text;
      output += text;
    });
    listen(child.stderr, (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
    if (input !== undefined) child.stdin.end(input);
  });
}

/** Like `capture`, but throws with the last lines of its output when the command fails. */
export async function run(command, args, options) {
  const result = await capture(command, args, options);
  if (result.code === 0) return result;
  const tail = result.output.trimEnd().split('\n').slice(-25).join('\n');
  throw new Error(`${[command, ...args].join(' ')} ended with ${result.code}\n${tail}`);
}

/** Runs a command with this terminal; resolves with its exit code. */
export function attach(command, args, { cwd = ROOT, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
