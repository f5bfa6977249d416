import { createRequire } from 'node:module';
import { join } from 'node:path';
import { change, launch, list } from './cloud.mjs';
import { copy } from './copy.mjs';

const require = createRequire(
  join(import.meta.dirname, '..', '..', 'apps', 'provisioner', 'package.json'),
);
const { decideNode, decideRefusal } = require('@cloudhero/domain');

/**
 * One worker over the environment, in the steps of apps/provisioner's reconciler. Between any two of
 * them the other worker may take any number of its own, or this one may be killed.
 *
 * A worker is `{at: 'idle'}`, or has loaded the rows (`rows`) and is at one of the groups of decisions
 * that follow from them, in the reconciler's order (`group`, an index), or waits to save what the cloud
 * has answered.
 */

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A node as it was before its first launch; see WITHOUT_SERVER. */
const RELEASED = {
  phase: 'requested',
  launch: 0,
  server: 0,
  state: 'unknown',
  noRoom: false,
  failure: null,
};

const GROUPS = ['terminate', 'advance', 'stop', 'start', 'relaunch', 'launch', 'settle'];
const PHASE_OF = { terminate: 'terminating', stop: 'stopping', start: 'starting' };

function decide(rows, index, { repair }) {
  const node = rows.nodes[index];
  const deleted = rows.environment.desired === 'absent';
  return decideNode({
    desired: deleted ? 'absent' : node.desired,
    phase: node.phase,
    failure: node.failure,
    launchId: node.launch ? String(node.launch) : null,
    serverId: node.server ? String(node.server) : null,
    server: node.state,
    noRoom: node.noRoom,
    inCluster: false,
    overdue: false,
    inVain: false,
    repair,
    asked: node.asked,
  });
}

const groupOf = ({ do: what }) => (what === 'fail' ? 'advance' : what);

/** What the reconciler would do now, from the rows: the groups of its decisions that have a node. */
function plan(rows, options) {
  const decisions = rows.nodes.map((_, index) => decide(rows, index, options));
  const living = rows.nodes.some(({ phase }) => phase !== 'absent');
  if (rows.environment.desired === 'absent' && !living) return [{ group: 'finish' }];
  return GROUPS.map((group) => ({
    group,
    nodes: decisions.flatMap((decision, index) => (groupOf(decision) === group ? [index] : [])),
    decisions,
  })).filter(({ nodes }) => nodes.length > 0);
}

/** Saves nodes that nobody changed since they were loaded. Returns whether all of them were. */
function save(state, rows, patches) {
  let all = true;
  for (const [index, patch] of patches) {
    if (same(state.nodes[index], rows.nodes[index])) Object.assign(state.nodes[index], patch);
    else all = false;
  }
  return all;
}

/** As `save`, with all or nothing. */
function saveTogether(state, rows, patches) {
  const all = patches.every(([index]) => same(state.nodes[index], rows.nodes[index]));
  if (all) save(state, rows, patches);
  return all;
}

/** Every next step of one worker: `[what, state after it]`. */
export function workerSteps(state, which, options) {
  const worker = state.workers[which];
  const steps = [];
  /** One step; `work` changes the state and gives the worker as it is then. */
  const step = (what, work) => {
    const after = copy(state);
    const next = work(after, after.workers[which]);
    after.workers[which] = next ?? { at: 'idle' };
    steps.push([what, after]);
  };
  const spend = (after, budget) => (after.budgets[budget] -= 1);
  const has = (budget) => state.budgets[budget] > 0;

  if (worker.at !== 'idle' && has('crashes'))
    step('a worker is killed', (after) => void spend(after, 'crashes'));
  const todo = worker.rows ? plan(worker.rows, options).slice(worker.group) : [];
  STEPS[worker.at]({ state, worker, todo, step, spend, has, options });
  return steps;
}

/** The rest of the groups, or the beginning. */
const onward = ({ rows, group }, todo) =>
  todo.length > 1 ? { at: 'loaded', rows, group: group + 1 } : undefined;

const STEPS = {
  idle({ state, step, options }) {
    if (state.environment.closed) return;
    const rows = { environment: state.environment, nodes: state.nodes, launches: state.launches };
    const todo = plan(rows, options);
    if (todo.length > 0) step('loads', () => ({ at: 'loaded', rows: copy(rows), group: 0 }));
  },

  loaded(context) {
    DO[context.todo[0].group](context);
  },

  /** The right to send is taken; the call is not made yet. */
  claimed({ worker, step, spend, has, options }) {
    const id = worker.launch;
    const { first, nodes, rows } = worker;
    const send = (what, { noRoom = false, lost = false } = {}) =>
      step(what, (after) => {
        if (noRoom) spend(after, 'noRoom');
        if (lost) spend(after, 'lostReplies');
        const answer = launch(after.cloud, { id, nodes, first }, { ...options, noRoom });
        return lost ? undefined : { ...worker, at: 'answered', answer };
      });
    send('launches');
    if (has('noRoom')) send('launches where there is no room', { noRoom: true });
    if (has('lostReplies')) send('launches, and the reply is lost', { lost: true });
    if (has('errors'))
      step('is refused for another reason', (after) => {
        spend(after, 'errors');
        return { ...worker, at: 'answered', answer: { refused: 'permission_denied' } };
      });
    if (has('lostReplies') && has('patience') && rows.environment.desired !== 'absent')
      step('launches, the reply is lost, and it gives up', (after) => {
        spend(after, 'lostReplies');
        spend(after, 'patience');
        launch(after.cloud, { id, nodes, first }, options);
        save(
          after,
          rows,
          waiting(worker).map((index) => [
            index,
            { phase: 'failed', failure: 'cloud_unavailable' },
          ]),
        );
      });
  },

  answered({ worker, step, options }) {
    const { answer, rows } = worker;
    if (answer.servers) {
      step('assigns', (after) => {
        const open = waiting(worker).filter((index) => answer.servers[index]);
        if (options.broken === 'token-after-call') return assignWithToken(after, worker, open);
        const patches = open.map((index) => {
          const { id: server, state } = answer.servers[index];
          const asked = rows.nodes[index].desired === 'running' ? { asked: false } : {};
          return [index, { server: Number(server), state, ...asked }];
        });
        const all = save(after, rows, patches);
        return all ? { ...worker, at: 'assigned' } : undefined;
      });
      return;
    }
    const temporary = answer.refused === 'capacity_unavailable';
    const decision = decideRefusal({
      code: answer.refused,
      temporary,
      first: worker.first,
      wanted: rows.environment.desired !== 'absent',
      outOfPatience: true,
      elsewhere: waiting(worker).every((index) => rows.nodes[index].candidate + 1 < options.places),
    });
    step(`was refused: ${decision}`, (after) => refused(after, worker, decision, options));
  },

  assigned({ worker, todo, step }) {
    step('closes the launch', (after) => {
      const launchRow = after.launches[worker.launch];
      if (launchRow?.state === 'pending') launchRow.state = 'settled';
      return onward(worker, todo);
    });
  },

  /** The cloud has answered a stop, start or terminate. */
  changed({ worker, todo, step }) {
    const { rows, answers } = worker;
    const { group, nodes, decisions } = todo[0];
    step(`saves that it has asked to ${group}`, (after) => {
      const patches = nodes.flatMap((index) => {
        const answer = answers[index];
        if (group === 'relaunch')
          return decisions[index].because === 'lost'
            ? [[index, { ...RELEASED, candidate: 0 }]]
            : [];
        if (!answer && group !== 'terminate') return [];
        const state = answer ?? rows.nodes[index].state;
        return [[index, { phase: PHASE_OF[group], state, failure: null, asked: false }]];
      });
      save(after, rows, patches);
      return onward(worker, todo);
    });
  },

  /** Everything is deleted, as far as the rows say. */
  finishing({ worker, step }) {
    step('looks for what is left', (after) => {
      const left = list(after.cloud).filter(({ state }) => state !== 'terminated');
      for (const { id } of left) change(after.cloud, 'terminate', id);
      return left.length > 0 ? undefined : { ...worker, at: 'finished' };
    });
  },

  finished({ step }) {
    step('closes the book', (after) => void (after.environment.closed = true));
  },
};

/** The launch's nodes that have no server yet, as they were loaded. */
const waiting = ({ rows, nodes }) => nodes.filter((index) => !rows.nodes[index].server);

function refused(after, worker, decision, options) {
  const { rows, launch: id } = worker;
  const mine = waiting(worker);
  if (decision === 'abandon' || decision === 'retry') {
    if (decision === 'abandon')
      save(
        after,
        rows,
        mine.map((index) => [index, { phase: 'failed', failure: worker.answer.refused }]),
      );
    return undefined;
  }
  // Nobody else may still send it, nor have begun to.
  const alone =
    options.broken === 'close-while-others-send' || (!worker.othersMaySend && worker.latest);
  if (!alone || after.launches[id].state !== 'pending') return undefined;
  const patches = mine.map((index) => {
    const { candidate, desired } = rows.nodes[index];
    if (decision === 'elsewhere') return [index, { ...RELEASED, candidate: candidate + 1 }];
    if (desired === 'absent' || rows.environment.desired === 'absent')
      return [index, { launch: 0, phase: 'absent' }];
    return [index, { launch: 0, phase: 'failed', failure: worker.answer.refused }];
  });
  if (saveTogether(after, rows, patches)) after.launches[id].state = 'failed';
  return undefined;
}

/** The broken way round: the token is written down with its servers, after the call. */
function assignWithToken(after, worker, open) {
  const { rows, answer, launch: id } = worker;
  after.launches[id] = { state: 'settled', sent: true, live: false };
  const patches = open.map((index) => {
    const { id: server, state } = answer.servers[index];
    return [index, { launch: id, server: Number(server), state, phase: 'launching' }];
  });
  save(after, rows, patches);
  return undefined;
}

const DO = {
  launch({ worker, todo, step, options }) {
    const { rows, group } = worker;
    const { nodes } = todo[0];
    if (options.broken === 'token-after-call') {
      // Calls under a token that is nowhere written down.
      step('calls the cloud', (after) => {
        const id = (after.tokens = (after.tokens ?? 0) + 1);
        return { at: 'claimed', rows, group, launch: id, first: true, nodes };
      });
      return;
    }
    step('writes a launch down', (after) => {
      const claimable = nodes.every((index) => {
        const node = after.nodes[index];
        return node.phase === 'requested' && !node.launch && node.desired !== 'absent';
      });
      if (!claimable) return onward(worker, todo);
      const id = Object.keys(after.launches).length + 1;
      after.launches[id] = { state: 'pending', sent: false, live: false };
      for (const index of nodes)
        Object.assign(after.nodes[index], { launch: id, phase: 'launching' });
      return onward(worker, todo);
    });
  },

  relaunch({ worker, todo, step, options }) {
    const { rows } = worker;
    const { nodes, decisions } = todo[0];
    const lost = nodes.filter((index) => decisions[index].because === 'lost');
    if (lost.length === 0) {
      step('goes elsewhere', (after) => {
        const patches = nodes.map((index) => {
          const next = rows.nodes[index].candidate + 1;
          return next < options.places
            ? [index, { ...RELEASED, candidate: next }]
            : [index, { phase: 'failed', failure: 'capacity_unavailable' }];
        });
        save(after, rows, patches);
        return onward(worker, todo);
      });
      return;
    }
    step('deletes a server that is gone', (after) => {
      for (const index of lost) change(after.cloud, 'terminate', rows.nodes[index].server);
      return { ...worker, at: 'changed', answers: {} };
    });
  },

  settle({ worker, todo, state, step, options }) {
    const { rows } = worker;
    const id = rows.nodes[todo[0].nodes[0]].launch;
    const row = rows.launches[id];
    const open = rows.nodes.some((node) => node.launch === id && !node.server);
    if (row?.state !== 'pending' || !open) {
      step('has nothing to settle', () => onward(worker, todo));
      return;
    }
    const now = state.launches[id];
    const free =
      now.state === 'pending' &&
      (options.idempotent || !now.live || options.broken === 'no-claims');
    // The claim is a compare-and-set on the attempt that was loaded.
    if (!free || (options.broken !== 'no-claims' && !same(now, row))) {
      step('finds the launch taken', () => undefined);
      return;
    }
    step('claims a launch', (after) => {
      for (const other of after.workers) if (other.launch === id) other.latest = false;
      const othersMaySend = after.launches[id].live;
      Object.assign(after.launches[id], { sent: true, live: true });
      const nodes = rows.nodes.flatMap((node, index) => (node.launch === id ? [index] : []));
      const first = !row.sent;
      return { ...worker, at: 'claimed', launch: id, nodes, first, latest: true, othersMaySend };
    });
  },

  advance({ worker, todo, step }) {
    const { rows } = worker;
    step('advances', (after) => {
      const patches = todo[0].nodes.map((index) => {
        const decision = todo[0].decisions[index];
        if (decision.do === 'fail')
          return [index, { phase: 'failed', failure: decision.code, asked: false }];
        return [index, { phase: decision.to, failure: null }];
      });
      save(after, rows, patches);
      return onward(worker, todo);
    });
  },

  finish({ worker, step }) {
    step('closes all launches', (after) => {
      for (const row of Object.values(after.launches))
        if (row.state === 'pending') row.state = 'failed';
      return { ...worker, at: 'finishing' };
    });
  },
};

for (const group of ['terminate', 'stop', 'start'])
  DO[group] = ({ worker, todo, step, spend, has }) => {
    const { rows } = worker;
    const call = (after) =>
      Object.fromEntries(
        todo[0].nodes.map((index) => [index, change(after.cloud, group, rows.nodes[index].server)]),
      );
    step(`asks the cloud to ${group}`, (after) => ({
      ...worker,
      at: 'changed',
      answers: call(after),
    }));
    if (has('lostReplies'))
      step(`asks the cloud to ${group}, and the reply is lost`, (after) => {
        spend(after, 'lostReplies');
        call(after);
        return onward(worker, todo);
      });
  };
