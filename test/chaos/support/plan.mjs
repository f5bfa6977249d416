import { Random } from './random.mjs';

/** What is asked of an environment, and how often in comparison. */
const ACTIONS = { grow: 3, shrink: 2, stop: 2, start: 3, delete: 2 };

/** What is done to the system, and how often in comparison. */
const FAULTS = {
  kill: 6,
  end: 2,
  pause: 2,
  'empty-redis': 2,
  'restart-redis': 1,
  'fill-redis': 1,
  'restart-postgres': 2,
  'lose-replies': 3,
  refuse: 3,
  throttle: 3,
  'no-room': 2,
  'lag-behind': 2,
  harm: 5,
};
const FAULT_EVERY_MS = 2500;
/** New environments come during this share of the time, so that the rest sees the last ones change. */
const CREATED_WITHIN = 0.7;

/**
 * All that will be done in a run, by its seed alone: pure data.
 * @returns {{environments: object[], faults: object[]}} with times in milliseconds from the start
 */
export function makePlan({ seed, environments, ms, clouds }) {
  const random = new Random(seed);
  return {
    environments: Array.from({ length: environments }, (_, index) =>
      planEnvironment(random, index, ms, clouds),
    ),
    faults: planFaults(random, ms),
  };
}

function planEnvironment(random, index, ms, clouds) {
  let at = random.whole(0, ms * CREATED_WITHIN);
  const first = { at, nodes: random.whole(1, 4) };
  const actions = [];
  const count = random.whole(1, 4);
  for (let step = 0; step < count; step++) {
    // Half of them come so soon that the one before is still under way.
    at += random.chance(0.5) ? random.whole(0, 1500) : random.whole(1500, ms / 4);
    if (at > ms) break;
    actions.push({ at, do: random.weighted(ACTIONS), nodes: random.whole(1, 2) });
  }
  return {
    name: `chaos-${index}`,
    cloud: clouds[index % clouds.length],
    repair: random.chance(0.4),
    tenant: random.next(),
    ...first,
    actions,
  };
}

function planFaults(random, ms) {
  const faults = [];
  for (let at = 1000; at < ms; at += random.whole(FAULT_EVERY_MS / 2, (FAULT_EVERY_MS * 3) / 2))
    faults.push({ at, do: random.weighted(FAULTS), a: random.next(), b: random.next() });
  return faults;
}
