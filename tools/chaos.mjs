import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chaos } from '../test/chaos/chaos.mjs';
import { STATE_DIR } from './lib/paths.mjs';
import { duration, heading, main, say, UserError } from './lib/say.mjs';
import { sweepTemporary, withTemporary } from './lib/temporary.mjs';
import { setup } from './setup.mjs';

const USAGE = `usage: npm run chaos -- [--environments N] [--seed S] [--minutes M] [--clouds ec2,digital_ocean]`;
const CLOUDS = ['ec2', 'digital_ocean'];
/** The faults last this long for each environment, within bounds. */
const MS_AN_ENVIRONMENT = 800;
const LEAST_MS = 35_000;
const MOST_MS = 240_000;
const MOST_SHOWN = 60;

function options() {
  const { values } = parseArgs({
    options: {
      environments: { type: 'string', default: '300' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      clouds: { type: 'string', default: CLOUDS.join(',') },
      // The caller has set up already.
      ready: { type: 'boolean', default: false },
    },
  });
  const environments = Number(values.environments);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const ms = values.minutes
    ? Number(values.minutes) * 60_000
    : Math.min(MOST_MS, Math.max(LEAST_MS, environments * MS_AN_ENVIRONMENT));
  const clouds = values.clouds.split(',');
  if (![environments, seed, ms].every(Number.isFinite) || environments < 1)
    throw new UserError(USAGE);
  if (!clouds.every((cloud) => CLOUDS.includes(cloud))) throw new UserError(USAGE);
  return { environments, seed, ms, clouds, ready: values.ready };
}

/** What the services wrote, for whoever looks for the reason; the stack itself goes away. */
function keepLogs(dir) {
  const kept = join(STATE_DIR, 'chaos-logs');
  rmSync(kept, { recursive: true, force: true });
  cpSync(join(dir, 'logs'), kept, { recursive: true });
  say(`   the services' logs are in ${kept}`);
}

// Prints progress, then what is wrong, then one line a figure, `figure NAME VALUE`.
main(async () => {
  const { ready, ...asked } = options();
  if (!ready) {
    await setup();
    await sweepTemporary();
  }
  heading(`Chaos with seed ${asked.seed}`);
  const began = performance.now();
  const { figures, wrong } = await withTemporary(async ({ dir, name }) => {
    const result = await chaos({ dir, name, ...asked });
    if (result.wrong.length > 0) keepLogs(dir);
    return result;
  });
  for (const { kind, what } of wrong.slice(0, MOST_SHOWN)) say(`   ${kind}: ${what}`);
  if (wrong.length > MOST_SHOWN) say(`   and ${wrong.length - MOST_SHOWN} more`);
  say(`   took ${duration(performance.now() - began)}; the seed was ${asked.seed}\n`);
  for (const [figure, value] of Object.entries(figures)) say(`figure chaos.${figure} ${value}`);
  return wrong.length === 0 ? 0 : 1;
});
