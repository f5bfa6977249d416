import { parseArgs } from 'node:util';
import { setup } from '../../tools/setup.mjs';
import { duration, heading, main, say, UserError } from '../../tools/lib/say.mjs';
import { explore } from './explore.mjs';
import { initialState, isGone, successors, violation } from './model.mjs';
import { BROKEN, SETTINGS } from './settings.mjs';

const MOST_STEPS_SHOWN = 60;

/** Explores one setting. @returns {{states: number, bad: number}} */
function check(name, options, more = {}) {
  const began = performance.now();
  const result = explore({
    initial: initialState(options),
    successors: successors(options),
    violation,
    isGoal: isGone,
    ...more,
  });
  const took = duration(performance.now() - began);
  say(`   ${name}: ${result.states} states, ${result.bad} bad, in ${took}`);
  return result;
}

function show({ what, steps }) {
  say(`   ${what}, after:`);
  for (const step of steps.slice(-MOST_STEPS_SHOWN)) say(`     ${step}`);
}

/** Each known defect must be found, or the check proves nothing. */
function bites() {
  heading('Defects that must be found');
  const missed = Object.entries(BROKEN).filter(([name, { setting, what }]) => {
    const options = { ...SETTINGS[setting], broken: name };
    const { bad, example } = check(name, options, { stopAtFirst: true });
    if (example) say(`     found: ${example.what}`);
    return bad === 0 || !what.includes(example.what);
  });
  return missed.map(([name]) => name);
}

// npm run model-check [-- --quick | --broken NAME]: ends in `figure model.states N` and `figure model.bad N`.
main(async () => {
  const { values } = parseArgs({
    options: { broken: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const { broken, quick } = values;
  if (broken && !BROKEN[broken])
    throw new UserError(`--broken is one of: ${Object.keys(BROKEN).join(', ')}`);
  await setup();
  heading('The lifecycle, in every order of steps');
  const chosen = Object.entries(SETTINGS).filter(([name, setting]) =>
    broken ? name === BROKEN[broken].setting : setting.quick || !quick,
  );
  let states = 0;
  let bad = 0;
  for (const [name, options] of chosen) {
    const result = check(name, { ...options, broken });
    states += result.states;
    bad += result.bad;
    if (result.example) show(result.example);
  }
  const missed = broken ? [] : bites();
  for (const name of missed) say(`   NOT FOUND: ${name}`);
  say(`\nfigure model.states ${states}`);
  say(`figure model.bad ${bad + missed.length}`);
  return bad + missed.length > 0 ? 1 : 0;
});
