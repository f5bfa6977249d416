import { createHash } from 'node:crypto';

const PROGRESS_EVERY = 100_000;

/**
 * Walks every state that can be reached from `initial`.
 *
 * @param {object} options
 * @param {object} options.initial a state: plain data
 * @param {(state: object) => [string, object][]} options.successors each step and where it leads
 * @param {(state: object) => string | undefined} options.violation what is wrong in a state
 * @param {(state: object) => boolean} options.isGoal where every state must be able to get to
 * @param {number} [options.most] states at most; more is an error
 * @param {boolean} [options.stopAtFirst]
 * @param {(text: string) => void} [options.progress]
 * @returns {{states: number, bad: number, example?: {what: string, steps: string[]}}} `bad`: states
 *   that violate, or from which the goal cannot be reached
 */
export function explore(options) {
  const { initial, successors, violation, isGoal, most = 5_000_000, progress } = options;
  const indexOf = new Map();
  const cameFrom = [];
  const step = [];
  const into = []; // for each state, the states that lead to it
  const goals = [];
  const bad = [];
  const queue = [];

  const visit = (state, from, name) => {
    const key = createHash('sha1').update(JSON.stringify(state)).digest('base64').slice(0, 20);
    let index = indexOf.get(key);
    if (index === undefined) {
      index = indexOf.size;
      if (index >= most) throw new Error(`more than ${most} states`);
      indexOf.set(key, index);
      cameFrom.push(from);
      step.push(name);
      into.push([]);
      const what = violation(state);
      if (what) bad.push([index, what]);
      else queue.push([index, state]);
      if (isGoal(state)) goals.push(index);
      if (progress && index > 0 && index % PROGRESS_EVERY === 0) progress(`${index} states`);
    }
    if (from >= 0) into[index].push(from);
  };
  const path = (index) => {
    const steps = [];
    for (let at = index; cameFrom[at] >= 0; at = cameFrom[at]) steps.unshift(step[at]);
    return steps;
  };

  visit(initial, -1, 'begin');
  for (let next = queue.shift(); next; next = take(queue)) {
    const [index, state] = next;
    for (const [name, following] of successors(state)) visit(following, index, name);
    if (options.stopAtFirst && bad.length > 0) break;
  }
  if (bad.length === 0) bad.push(...stranded(goals, into, indexOf.size));
  const [first] = bad;
  return {
    states: indexOf.size,
    bad: bad.length,
    ...(first && { example: { what: first[1], steps: path(first[0]) } }),
  };
}

/** Depth first: the queue stays short, and so does the memory. */
const take = (queue) => queue.pop();

/** States from which no goal can be reached. */
function stranded(goals, into, count) {
  const reaches = new Uint8Array(count);
  const pending = [...goals];
  for (const goal of goals) reaches[goal] = 1;
  for (let index = pending.pop(); index !== undefined; index = pending.pop())
    for (const from of into[index])
      if (!reaches[from]) {
        reaches[from] = 1;
        pending.push(from);
      }
  const found = [];
  for (let index = 0; index < count; index++)
    if (!reaches[index]) found.push([index, 'cannot get to the end any more']);
  return found;
}
