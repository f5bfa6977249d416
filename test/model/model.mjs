import { change, evolutions, isAlive, list } from './cloud.mjs';
import { copy } from './copy.mjs';
import { observerSteps } from './observer.mjs';
import { workerSteps } from './worker.mjs';

/**
 * The lifecycle of one small environment: its rows, its cloud, two workers and an observer, and what
 * may happen to them. A state is plain data.
 *
 * @typedef {object} Options
 * @property {number} nodes
 * @property {boolean} idempotent whether the cloud knows a repeated launch
 * @property {boolean} keepsTerminated whether it still shows servers that are gone
 * @property {boolean} repair
 * @property {boolean} [oldLists] whether rows may be held against a list that is old by then
 * @property {number} places zones and sizes to try
 * @property {Record<string, number>} budgets how often each fault and each wish may come
 * @property {string} [broken] a defect to prove that the check bites
 */

/** @param {Options} options */
export function initialState({ nodes, budgets }) {
  return {
    environment: { desired: 'running', closed: false },
    nodes: Array.from({ length: nodes }, () => ({
      desired: 'running',
      phase: 'requested',
      failure: null,
      launch: 0,
      server: 0,
      state: 'unknown',
      noRoom: false,
      candidate: 0,
      asked: true,
    })),
    launches: {},
    cloud: { servers: {} },
    workers: [{ at: 'idle' }, { at: 'idle' }],
    observer: { at: 'idle' },
    budgets: { ...budgets },
  };
}

/** Every next step and the state after it. @param {Options} options */
export function successors(options) {
  return (state) => {
    const steps = [0, 1].flatMap((which) => workerSteps(state, which, options));
    steps.push(...observerSteps(state, options), ...wishes(state), ...happenings(state, options));
    steps.push(...timePasses(state));
    return steps.map(([what, after]) => [what, canonical(after)]);
  };
}

/** The two workers are alike: which of them is where makes no difference. */
function canonical(state) {
  const [one, other] = state.workers.map((worker) => JSON.stringify(worker));
  if (one > other) state.workers.reverse();
  return state;
}

function spending(state, budget, what, work) {
  if (state.budgets[budget] <= 0) return [];
  const after = copy(state);
  after.budgets[budget] -= 1;
  return work(after) === false ? [] : [[what, after]];
}

/** What the customer asks for, where the API takes it. */
function wishes(state) {
  const { environment, nodes } = state;
  if (environment.desired === 'absent') return [];
  const want = (desired) => (after) => {
    after.environment.desired = desired;
    for (const node of after.nodes)
      if (node.phase !== 'absent') Object.assign(node, { desired, asked: true });
  };
  const launched = nodes.every(({ server, phase }) => server || phase === 'failed');
  return [
    ...spending(state, 'deletes', 'the customer deletes the environment', want('absent')),
    ...(launched && environment.desired === 'running'
      ? spending(state, 'stops', 'the customer stops it', want('stopped'))
      : []),
    ...(launched && environment.desired === 'stopped'
      ? spending(state, 'starts', 'the customer starts it', want('running'))
      : []),
  ];
}

/** What the cloud, and others at it, do by themselves; and package-installer. */
function happenings(state, options) {
  const steps = evolutions(state.cloud, options).map(([what, id, patch]) => {
    const after = copy(state);
    Object.assign(after.cloud.servers[id], patch);
    return [what, after];
  });
  for (const [id, server] of Object.entries(state.cloud.servers)) {
    if (server.state === 'pending' && !server.visible)
      steps.push(
        ...spending(state, 'noRoom', `${id} ends for want of room`, (after) => {
          const gone = options.keepsTerminated ? 'terminated' : 'removed';
          Object.assign(after.cloud.servers[id], { state: gone, noRoom: true, visible: true });
        }),
      );
    if (server.state !== 'running') continue;
    for (const action of ['terminate', 'stop'])
      steps.push(
        ...spending(state, 'strangers', `somebody else does ${action} ${id}`, (after) => {
          change(after.cloud, action, id);
        }),
      );
  }
  state.nodes.forEach((node, index) => {
    if (node.phase !== 'booting') return;
    const after = copy(state);
    after.nodes[index].phase = 'ready';
    steps.push(['its software is installed', after]);
  });
  return steps;
}

/** Long enough for whatever was sent for a launch: nothing more of it is sent, and what it made is shown. */
function timePasses(state) {
  return Object.entries(state.launches).flatMap(([id, { live }]) => {
    if (!live) return [];
    const after = copy(state);
    const launch = Number(id);
    after.launches[id].live = false;
    after.workers = after.workers.map((worker) => {
      if (worker.launch !== launch) return worker;
      // One that has not sent it yet finds that it is too late. One that has been answered does not
      // know when the others were: it goes by what it knew before.
      return worker.at === 'claimed' ? { at: 'idle' } : worker;
    });
    for (const server of Object.values(after.cloud.servers))
      if (server.launch === launch) server.visible = true;
    return [['time passes', after]];
  });
}

/** What must never be. */
export function violation({ cloud, nodes, environment }) {
  const alive = Object.values(cloud.servers).filter(isAlive);
  const doubled = nodes.some((_, index) => alive.filter(({ node }) => node === index).length > 1);
  if (doubled) return 'two servers for one node';
  if (environment.closed && alive.length > 0) return 'a server of an environment that is gone';
  return undefined;
}

/** Where every state must still be able to get to: the environment is gone, and so is all of it. */
export function isGone({ environment, cloud }) {
  return environment.closed && list(cloud).every((server) => !isAlive(server));
}
