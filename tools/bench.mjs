import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { duration, heading, main, say, UserError } from './lib/say.mjs';
import { sweepTemporary, withTemporary } from './lib/temporary.mjs';
import { buildMachineImage, setup } from './setup.mjs';

const FOLDER = join(ROOT, 'test', 'bench');

// npm run bench -- NAME: prints progress, and then one line a figure, `figure NAME VALUE`.
main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const file = join(FOLDER, `${name}.mjs`);
  if (!name || !existsSync(file)) {
    const names = readdirSync(FOLDER).flatMap((entry) =>
      entry.endsWith('.mjs') ? [basename(entry, '.mjs')] : [],
    );
    throw new UserError(`usage: npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  }
  const began = performance.now();
  await setup();
  await sweepTemporary();
  // `machines`: false for what is measured on virtual instances alone.
  const { bench, machines = true } = await import(file);
  if (machines) await buildMachineImage();
  heading(`Benchmark ${name}`);
  const figures = await withTemporary((entry) => bench({ ...entry, args }));
  say(`   took ${duration(performance.now() - began)}\n`);
  for (const [figure, value] of Object.entries(figures)) say(`figure ${figure} ${round(value)}`);
  return 0;
});

const round = (value) => Number(value.toPrecision(4));
