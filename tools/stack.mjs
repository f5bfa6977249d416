import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { STATE_DIR } from './lib/paths.mjs';
import { runningMachines } from './lib/docker.mjs';
import { lastLines } from './lib/processes.mjs';
import { attach } from './lib/run.mjs';
import { duration, main, say, UserError } from './lib/say.mjs';
import { environmentOf, instances } from './lib/services.mjs';
import { killService, processesOf, serviceBytes, startStack, stopStack } from './lib/stack.mjs';
import { readConfig } from './lib/stack-config.mjs';

const USAGE = `usage: npm run stack -- start|stop|restart|status|logs [SERVICE]|kill SERVICE|env SERVICE
  --dir DIR              another folder than .cloudhero
  --replicas APP=N       several processes of a service (may be given again)
  --follow               with logs: go on as more is written`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string' },
    replicas: { type: 'string', multiple: true },
    follow: { type: 'boolean', short: 'f' },
  },
});
const dir = resolve(values.dir ?? STATE_DIR);
const [command, service] = positionals;

async function start() {
  const replicas = values.replicas
    ? Object.fromEntries(
        values.replicas.map((pair) => pair.split('=')).map(([k, n]) => [k, Number(n)]),
      )
    : undefined;
  const stack = await startStack({ dir, replicas });
  say(`\nThe API is at ${stack.url} (started in ${duration(stack.startMs)}).`);
}

async function stop() {
  await stopStack({ dir });
  const name = readConfig(dir)?.name;
  const machines = name ? await runningMachines(name) : 0;
  if (machines === 0) return;
  // As at any cloud: servers do not depend on who launched them.
  say(`${machines} servers of the sandbox keep running; npm run demo -- --clean removes them.`);
}

function status() {
  requireStack();
  const rows = processesOf(dir);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(10);
  for (const { id, pid, port, bytes } of rows)
    say(
      `${id.padEnd(20)} ${pid ? `up    pid ${String(pid).padEnd(8)}` : 'down'.padEnd(18)} port ${port} ${megabytes(bytes)}`,
    );
  say(`${'all services'.padEnd(50)} ${megabytes(serviceBytes(dir))}`);
  return rows.every(({ pid }) => pid) ? 0 : 3;
}

async function logs() {
  requireStack();
  const names = service ? [service] : processesOf(dir).map(({ id }) => id);
  if (values.follow)
    return attach('tail', ['-F', ...names.map((name) => `${dir}/logs/${name}.log`)]);
  for (const name of names) say(`== ${name}\n${lastLines(dir, name, 40)}`);
  return 0;
}

/** A service's environment, for a shell. */
function env() {
  requireStack();
  const config = readConfig(dir);
  const instance = instances(config).find(({ id }) => id === service);
  if (!instance) throw new UserError(USAGE);
  for (const [key, value] of Object.entries(environmentOf(dir, config, instance)))
    say(`${key}='${value}'`);
}

function requireStack() {
  if (!readConfig(dir)) throw new UserError(`There is no stack in ${dir}; start one first.`);
}

const COMMANDS = {
  start,
  status,
  logs,
  stop,
  restart: () => stopStack({ dir }).then(start),
  env,
  kill: () => killService({ dir, id: service }),
};

main(async () => {
  if (!Object.hasOwn(COMMANDS, command ?? '')) throw new UserError(USAGE);
  const code = await COMMANDS[command]();
  return typeof code === 'number' ? code : 0;
});
