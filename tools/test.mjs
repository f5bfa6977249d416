import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { imageCheck } from './image-check.mjs';
import { ROOT, STATE_DIR } from './lib/paths.mjs';
import { databaseUrl } from './lib/postgres.mjs';
import { redisUrl } from './lib/redis.mjs';
import { attach } from './lib/run.mjs';
import { duration, heading, main, say } from './lib/say.mjs';
import { startStack } from './lib/stack.mjs';
import { ensureSystemPackages, FAKETIME } from './lib/system-packages.mjs';
import { Tally } from './lib/tally.mjs';
import { onSmallDisk, sweepTemporary, withTemporary } from './lib/temporary.mjs';
import { buildMachineImage, setup } from './setup.mjs';

const { values } = parseArgs({
  options: {
    fast: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

const MODEL_CHECK = join('test', 'model', 'model-check.mjs');
/** The same every time: what fails should fail again. */
const CHAOS = ['--ready', '--environments', '30', '--seed', '1'];
/** Enough for a Postgres and what a test writes, and filled in a moment. */
const SMALL_DISK_MB = 600;

const bin = (name) => join(ROOT, 'node_modules', '.bin', name);
const NX = { NX_DAEMON: 'false', NX_TUI: 'false' };

async function staticChecks(tally, dir) {
  heading('Lint, format, types');
  // ESLint keeps one core busy for as long as the rest of it keeps the other.
  const eslint = tally.check('eslint', () => attach(bin('eslint'), ['.', '--max-warnings', '0']));
  await tally.check('prettier', () =>
    attach(bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  );
  await tally.check('types', () =>
    attach(bin('nx'), ['run-many', '-t', 'typecheck', '--output-style=static'], { env: NX }),
  );
  await tally.check('types of test/', () => attach(bin('tsc'), ['-p', 'test/tsconfig.json']));
  await tally.check('docs/configuration.md', () =>
    attach(process.execPath, ['tools/docs-config.mjs', '--check']),
  );
  await eslint;
  const tap = join(dir, 'tools.tap');
  const reporters = ['spec', 'stdout', 'tap', tap].map((value, index) =>
    index % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`,
  );
  const specs = ['tools/boundaries/boundaries.spec.mjs'];
  tally.addTap(tap, await attach(process.execPath, ['--test', ...reporters, ...specs]));
}

/** Specs of every project, with a Postgres and a Redis of their own for those that want one. */
async function specs(tally, { dir, name }) {
  heading('Specs of the projects');
  const options = { dir, name, services: [], durable: false, preferApiPort: false };
  const { config } = await startStack({ ...options, quiet: true });
  const env = {
    CLOUDHERO_TEST_DATABASE_URL: databaseUrl({
      port: config.ports.postgres,
      password: config.secrets.postgresPassword,
    }),
    CLOUDHERO_TEST_REDIS_URL: redisUrl({ port: config.ports.redis }),
  };
  // Jest leaves one core to whoever else wants it.
  const model = tally.check('model-check', () =>
    attach(process.execPath, [MODEL_CHECK, '--quick']),
  );
  await jest(tally, join(dir, 'specs.json'), [], env);
  await model;
}

/** What the services of a stack are told for tests. */
const TEST_STACK = {
  durable: false,
  preferApiPort: false,
  env: { 'api-gateway': { CLOUDHERO_RATE_LIMIT_PER_MINUTE: '1000000' } },
};

/** Faults of ours: on virtual machines, so that services and stores may be taken away from all. */
async function ownFaults(tally, entry) {
  const { dir, name } = entry;
  await ensureSystemPackages([FAKETIME]).catch((error) => say(`   ${error.message}`));
  if (!(await onSmallDisk(entry, SMALL_DISK_MB)))
    say('   no small disk to fill: this user may not mount one');
  const stack = await startStack({
    dir,
    name,
    quiet: true,
    ...TEST_STACK,
    replicas: { provisioner: 2 },
    env: { ...TEST_STACK.env, 'cloud-sandbox': { CLOUDHERO_SANDBOX_MACHINES: 'virtual' } },
  });
  const file = join(dir, 'e2e.json');
  writeFileSync(file, JSON.stringify({ ...stack, root: ROOT }));
  const failedBefore = tally.failed;
  await jest(tally, join(dir, 'jest.json'), ['-c', 'test/jest.faults.config.cjs'], {
    CLOUDHERO_E2E: file,
  });
  if (tally.failed > failedBefore) keepLogs(dir, 'fault-logs');
}

/** What needs no machines, one after the other, while others wait for theirs. */
async function onVirtualMachines(tally) {
  await tally.check('a stack for faults of ours', () =>
    withTemporary((entry) => ownFaults(tally, entry)),
  );
  await tally.check('chaos', () => attach(process.execPath, ['tools/chaos.mjs', ...CHAOS]));
}

async function endToEnd(tally, { dir, name }) {
  heading('End to end');
  const stack = await startStack({
    dir,
    name,
    ...TEST_STACK,
  });
  say(`   ready in ${duration(stack.startMs)}`);
  const file = join(dir, 'e2e.json');
  writeFileSync(file, JSON.stringify({ ...stack, root: ROOT }));
  const args = ['-c', 'test/jest.config.cjs', ...(values.only ?? [])];
  const failedBefore = tally.failed;
  await jest(tally, join(dir, 'jest.json'), args, { CLOUDHERO_E2E: file });
  if (tally.failed > failedBefore) keepLogs(dir, 'test-logs');
}

/** What the services wrote, for whoever looks for the reason; the stack itself goes away. */
function keepLogs(dir, folder) {
  const kept = join(STATE_DIR, folder);
  rmSync(kept, { recursive: true, force: true });
  cpSync(join(dir, 'logs'), kept, { recursive: true });
  say(`   the services' logs are in ${kept}`);
}

async function jest(tally, report, args, env) {
  const all = [...args, '--json', '--outputFile', report, '--silent=false'];
  tally.addJest(report, await attach(bin('jest'), all, { env }));
}

main(async () => {
  const began = performance.now();
  const tally = new Tally();
  await setup();
  await sweepTemporary();
  if (!values.only) {
    await withTemporary(async (entry) => {
      await staticChecks(tally, entry.dir);
      await specs(tally, entry);
    });
  }
  if (!values.fast) {
    heading('Image of the machines');
    await tally.check('machine image', () => buildMachineImage());
    // The image is built while machines boot and packages come: both mostly wait.
    const beside = values.only ? [] : [imageCheck(tally), onVirtualMachines(tally)];
    await withTemporary((entry) => endToEnd(tally, entry));
    await Promise.all(beside);
  }
  say(`\nAll of it took ${duration(performance.now() - began)}.`);
  return tally.close();
});
