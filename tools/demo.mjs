import { parseArgs } from 'node:util';
import { clean } from './lib/demo-clean.mjs';
import { main } from './lib/say.mjs';

const { values } = parseArgs({
  options: { clean: { type: 'boolean' }, packages: { type: 'boolean' } },
});

main(async () => {
  if (values.clean) return clean({ packages: values.packages ?? false });
  const { demo } = await import('./lib/demo-run.mjs');
  return demo();
});
