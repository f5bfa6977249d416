import { type DockerEngine, EngineError } from './docker-engine';
import { ensureNetworks, networkNames } from './docker-networks';
import type { Journal } from './journal';
import type { Machine } from './machine';
import { type NetworkPlan, planNetworks, VIRTUAL_PLAN } from './network-plan';

const TABLE = 'plan';
const KEY = 'networks';
const CLAIMS = 5;

/**
 * The networks of this sandbox: as they were, while machines have addresses in them or the engine
 * has them; else chosen anew, as the host may have joined other networks since.
 */
export async function settlePlan(
  journal: Journal,
  sandbox: string,
  engine?: DockerEngine,
): Promise<NetworkPlan> {
  const known = journal.table<NetworkPlan>(TABLE).get(KEY);
  const machines = [...journal.table<Machine>('machine').values()];
  if (known && machines.some(({ state }) => state !== 'deleted')) return known;
  if (known && (await exists(sandbox, engine))) return known;
  const plan = engine ? await claim(sandbox, engine) : VIRTUAL_PLAN;
  journal.put(TABLE, KEY, plan);
  journal.flush();
  return plan;
}

/**
 * Plans and makes the networks at once: the engine refuses overlaps, so of two sandboxes that
 * start together one chooses again. An engine that is not up yet has no networks up either.
 */
async function claim(sandbox: string, engine: DockerEngine): Promise<NetworkPlan> {
  for (let attempt = 1; attempt <= CLAIMS; attempt++) {
    try {
      const plan = await planNetworks(engine);
      await ensureNetworks(engine, sandbox, plan);
      return plan;
    } catch (error) {
      if (!(error instanceof EngineError)) break;
    }
  }
  return planNetworks(engine).catch(() => planNetworks());
}

async function exists(sandbox: string, engine?: DockerEngine): Promise<boolean> {
  if (!engine) return false;
  const path = `/networks/${networkNames(sandbox).private}`;
  return (await engine.find({ method: 'GET', path }).catch(() => undefined)) !== undefined;
}
