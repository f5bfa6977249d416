import { call } from '../../../tools/lib/http.mjs';

const AT_ONCE = 8;
const RUNNING = new Set(['booting', 'installing', 'joining', 'ready']);
const ID = /[0-9a-f]{24}/g;

/**
 * Compares what was asked for, what the API says, and what both clouds have, from outside.
 * @returns {Promise<{kind: 'lost' | 'doubled' | 'orphaned' | 'unsettled', what: string}[]>} all that
 * is wrong
 */
export async function judge({ actors, ended, sandboxUrl, tenants }) {
  const cloud = await cloudOf(sandboxUrl, tenants);
  const wrong = [];
  const queue = [...actors];
  const known = new Set();
  const work = async () => {
    for (let actor = queue.shift(); actor; actor = queue.shift()) {
      if (!actor.id) {
        wrong.push({ kind: 'unsettled', what: `${actor.plan.name} was never created` });
        continue;
      }
      const found = await stateOf(actor);
      if (found && !found.deleted_at) known.add(actor.id);
      const own = cloud.filter(({ environments }) => environments.includes(actor.id));
      for (const { kind, what } of judgeOne(actor, found, own, ended))
        wrong.push({ kind, what: `${actor.plan.cloud} ${actor.id} (${actor.plan.name}): ${what}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const each of cloud)
    if (!each.isInstallations && !each.environments.some((id) => known.has(id)))
      wrong.push({ kind: 'orphaned', what: `${each.cloud} ${each.kind} ${each.id} ${each.name}` });
  return wrong;
}

async function stateOf({ tenant, id }) {
  const { status, body } = await call(tenant.url, 'GET', `/environments/${id}`, {
    headers: tenant.headers,
  });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET /environments/${id}: ${status}`);
  return body;
}

/** Everything alive in the tenants' accounts, with the ids of ours that it carries. */
async function cloudOf(url, tenants) {
  const accounts = new Set(
    tenants.flatMap(({ clouds }) => Object.values(clouds).map(({ account }) => account)),
  );
  const { body } = await call(url, 'GET', '/_sandbox/resources');
  return body
    .filter(({ account, state }) => accounts.has(account) && state !== 'shutting-down')
    .map((each) => ({
      ...each,
      environments: JSON.stringify([each.name, each.tags]).match(ID) ?? [],
      // DigitalOcean's tags are things of their own, and this one says only who we are.
      isInstallations: each.kind === 'tag' && each.name.startsWith('cloudhero:installation:'),
    }));
}

function* judgeOne(actor, found, own, ended) {
  const instances = own.filter(({ kind }) => kind === 'instance');
  if (actor.desired === 'absent') {
    if (found && !found.deleted_at) yield unsettled(`is ${found.phase}, and should be gone`);
    return;
  }
  if (!found || found.deleted_at) return yield { kind: 'lost', what: 'the environment is gone' };
  if (found.desired !== actor.desired)
    yield unsettled(`is to be ${found.desired}, and was asked to be ${actor.desired}`);
  const nodes = found.nodes.filter(({ desired }) => desired !== 'absent');
  const names = new Set(nodes.map(({ name }) => name));
  for (const name of actor.nodes) if (!names.has(name)) yield { kind: 'lost', what: `no ${name}` };
  for (const { name, desired, phase } of found.nodes)
    if (desired === 'absent') yield unsettled(`${name}, to be gone, is ${phase}`);
    else if (!actor.nodes.has(name)) yield unsettled(`${name} was not asked for`);
  for (const node of nodes) yield* judgeNode(node, actor.desired, instances, ended);
  yield* judgeDoubles(found.nodes, own, instances);
}

function* judgeNode(node, desired, instances, ended) {
  const { name, phase, server_id: server, last_error: error } = node;
  const instance = instances.find(({ id }) => id === server);
  if (phase === 'failed') {
    if (!error?.code || !error.message) yield unsettled(`${name} failed without a reason`);
    // A cloud that has no room after all takes the server away itself.
    if (server && !instance && !ended.has(server) && error?.code !== 'capacity_unavailable')
      yield { kind: 'lost', what: `${name} failed (${error?.code}), and ${server} is gone` };
    return;
  }
  if (!server) return yield unsettled(`${name} is ${phase} without a server`);
  if (!instance) return yield { kind: 'lost', what: `${name} is ${phase}, and ${server} is gone` };
  const isRight =
    desired === 'running'
      ? RUNNING.has(phase) && instance.state === 'running'
      : phase === 'stopped' && instance.state === 'stopped';
  if (!isRight) yield unsettled(`${name} is ${phase}, and ${server} is ${instance.state}`);
}

function* judgeDoubles(nodes, own, instances) {
  const servers = nodes.flatMap(({ server_id: server }) => server ?? []);
  for (const server of new Set(servers.filter((id, index) => servers.indexOf(id) !== index)))
    yield { kind: 'doubled', what: `two nodes have ${server}` };
  for (const { id, state } of instances)
    if (!servers.includes(id)) yield { kind: 'doubled', what: `no node has ${id}, ${state}` };
  for (const kind of ['key', 'group', 'firewall']) {
    const count = own.filter((each) => each.kind === kind).length;
    if (count > 1) yield { kind: 'doubled', what: `it has ${count} ${kind}s` };
  }
}

const unsettled = (what) => ({ kind: 'unsettled', what });
