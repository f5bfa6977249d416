import { setTimeout as sleep } from 'node:timers/promises';
import { duration, say } from '../../tools/lib/say.mjs';
import { startStack } from '../../tools/lib/stack.mjs';
import { Actor } from './support/actor.mjs';
import { Faults } from './support/faults.mjs';
import { judge } from './support/judge.mjs';
import { Knobs } from './support/knobs.mjs';
import { makePlan } from './support/plan.mjs';
import { Supervisor } from './support/supervisor.mjs';
import { Tenant } from './support/tenant.mjs';

const KINDS = ['lost', 'doubled', 'orphaned', 'unsettled'];
const ENVIRONMENTS_A_TENANT = 40;
/** A server that was deleted before it was ever shown is believed to be gone five minutes after its launch. */
const SETTLE_MS = 420_000;
const LOOK_MS = 2000;
const TELL_MS = 15_000;

/**
 * Many tenants' environments come, change and go while everything of ours and of the clouds' fails at
 * random; then the faults end, and what is left is compared with what was asked for.
 * @param {{dir: string, name: string, environments: number, seed: number, ms: number,
 *   clouds: string[]}} options
 * @returns {Promise<{figures: Record<string, number>, wrong: {kind: string, what: string}[]}>}
 */
export async function chaos({ dir, name, environments, seed, ms, clouds }) {
  const plan = makePlan({ seed, environments, ms, clouds });
  const stack = await startStack(stackOptions(dir, name));
  const seen = { answers: {}, broken: [] };
  const knobs = new Knobs(stack.sandbox.url);
  await knobs.rest();
  const tenants = await Promise.all(
    Array.from(
      { length: Math.max(2, Math.ceil(environments / ENVIRONMENTS_A_TENANT)) },
      (_, index) => Tenant.register(stack, index, clouds, seen),
    ),
  );
  const actors = plan.environments.map(
    (each) => new Actor(each, tenants[Math.floor(each.tenant * tenants.length)]),
  );
  say(`   ${environments} environments of ${tenants.length} tenants, faults for ${duration(ms)}`);
  const supervisor = new Supervisor(dir);
  const faults = new Faults({ ...stack, dir, supervisor, knobs, actors, ms });
  const progress = setInterval(() => say(`   ${progressOf(actors, faults, seen)}`), 15_000);
  try {
    knobs.calm = false;
    const began = Date.now();
    const acting = Promise.allSettled(actors.map((actor) => actor.run(began)));
    await faults.run(plan.faults, began);
    await sleep(Math.max(0, began + ms - Date.now()));
    await knobs.rest();
    supervisor.resumeAll();
    clearInterval(progress);
    say(`   the faults are over after ${duration(Date.now() - began)}`);
    const failures = (await acting).flatMap(({ reason }) => reason?.message ?? []);
    say(`   ${progressOf(actors, faults, seen)}`);
    const judged = { actors, ended: faults.ended, sandboxUrl: stack.sandbox.url, tenants };
    const wrong = [
      ...(await atRest(judged)),
      ...[...failures, ...new Set(seen.broken)].map((what) => ({ kind: 'unsettled', what })),
    ];
    return { figures: figuresOf(environments, wrong), wrong };
  } finally {
    clearInterval(progress);
    knobs.close();
    supervisor.close();
  }
}

function stackOptions(dir, name) {
  return {
    dir,
    name,
    quiet: true,
    durable: false,
    preferApiPort: false,
    replicas: { provisioner: 2 },
    env: {
      'api-gateway': { CLOUDHERO_RATE_LIMIT_PER_MINUTE: '1000000' },
      provisioner: { CLOUDHERO_DRIFT_INTERVAL_MS: '5000' },
      'cloud-sandbox': { CLOUDHERO_SANDBOX_MACHINES: 'virtual' },
    },
  };
}

/** What is still wrong when nothing is, twice in a row, or when it has had its time. */
async function atRest(judged) {
  const began = Date.now();
  let cleanBefore = false;
  let told = 0;
  for (;;) {
    const wrong = await judge(judged);
    if (wrong.length === 0 && cleanBefore) {
      say(`   at rest ${duration(Date.now() - began)} later`);
      return wrong;
    }
    cleanBefore = wrong.length === 0;
    if (Date.now() - told > TELL_MS) {
      told = Date.now();
      say(`   ${wrong.length} are not as asked for yet, such as ${wrong[0]?.what}`);
    }
    if (Date.now() - began > SETTLE_MS) return wrong;
    await sleep(LOOK_MS);
  }
}

function progressOf(actors, { counts }, { answers }) {
  const made = actors.filter(({ id }) => id).length;
  const sum = (key) => actors.reduce((total, actor) => total + actor[key], 0);
  const list = (map) =>
    Object.entries(map)
      .map(([key, count]) => `${key} ${count}`)
      .join(', ');
  return `${made} made, ${sum('done')} changed, ${sum('skipped')} refused; answers ${list(answers)}; faults ${list(counts)}`;
}

function figuresOf(environments, wrong) {
  const count = (kind) => wrong.filter((each) => each.kind === kind).length;
  return { environments, ...Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])) };
}
