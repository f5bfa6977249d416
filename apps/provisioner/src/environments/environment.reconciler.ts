import type { CloudDriver } from '@cloudhero/cloud';
import { asCloudHeroError, backoffMs, type CloudHeroError } from '@cloudhero/domain';
import type { EnvironmentPatch, EnvironmentWork, NodeRow } from '@cloudhero/persistence';
import type { Waker } from '@cloudhero/queue';
import type { Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import type { CloudAccountsService } from '../clouds/cloud-accounts.service';
import { advanceNodes } from './advance-nodes';
import { changeServers, type ServerAction } from './change-servers';
import type { FinishEnvironment } from './finish-environment';
import type { LaunchNodes } from './launch-nodes';
import { decideNodes, type DecidedNode } from './node-facts';
import { Places } from './places';
import { makeKeys, needsPreparing, prepareCloud } from './prepare-environment';
import type { ReconcilerStores } from './reconciler-stores';
import { relaunchNodes } from './relaunch-nodes';

/** Nobody else works on an environment for this long after somebody began to. */
const LEASE_MS = 30_000;
/** How long to wait when only a look at the cloud, or package-installer, can bring news. */
const LOOK_AGAIN_MS = 10_000;
/** What only the customer can mend is tried again, but seldom. */
const PERMANENT_MS = 60_000;
/** More steps than any environment needs in one go; a loop that goes on is a bug. */
const MOST_STEPS = 50;

/** Again: something changed, decide anew. Wait: look again later. Settled: nothing to do. */
type Outcome = 'again' | 'wait' | 'settled' | 'gone';

/** One run over one environment: its rows as last seen, and its cloud. */
interface Run {
  work: EnvironmentWork;
  driver: CloudDriver;
  places: Places;
  decided: DecidedNode[];
}

export interface ReconcilerParts {
  launcher: LaunchNodes;
  finisher: FinishEnvironment;
  sealer: Sealer;
  /** Networks from which nodes are reached over SSH. */
  sshFrom: readonly string[];
  /** Aborted when the process is asked to stop. */
  stopping: AbortSignal;
}

/**
 * Brings an environment's servers to what was asked for: load, decide, do one step, save, repeat.
 * Safe to run at any time, twice at once, and after a crash at any line.
 */
export class EnvironmentReconciler {
  constructor(
    private readonly stores: ReconcilerStores,
    private readonly accounts: CloudAccountsService,
    private readonly waker: Waker,
    private readonly parts: ReconcilerParts,
    private readonly logger: Logger,
  ) {}

  async reconcile(id: string): Promise<void> {
    const { environments } = this.stores;
    const { stopping } = this.parts;
    if (stopping.aborted) return;
    await environments.lease(id, this.after(LEASE_MS));
    for (let step = 0; step < MOST_STEPS; step += 1) {
      // Whoever comes next goes on at once.
      if (stopping.aborted) return environments.lease(id, this.after(0));
      const work = await environments.load(id);
      if (!work) return;
      const outcome = await this.attempt(work);
      if (outcome === 'again') continue;
      if (outcome === 'gone' || (await this.schedule(work, outcome))) return;
    }
    this.logger.error({ environmentId: id }, 'the reconciler does not come to rest');
  }

  /** One step; a failure becomes a later attempt, and is shown to the customer meanwhile. */
  private async attempt(work: EnvironmentWork): Promise<Outcome> {
    try {
      return await this.step(work);
    } catch (error) {
      return this.failed(work, asCloudHeroError(error));
    }
  }

  private async failed(
    { environment }: EnvironmentWork,
    failure: CloudHeroError,
  ): Promise<Outcome> {
    const { attempts, id } = environment;
    const delay = failure.temporary
      ? (failure.options.retryAfterMs ?? backoffMs(attempts))
      : PERMANENT_MS;
    const { code } = failure;
    this.logger.warn({ environmentId: id, code, error: failure, delay }, 'a step failed');
    // Being asked to slow down is no failure of this environment's.
    const counts = code !== 'throttled';
    const saved = await this.stores.environments.save(environment, {
      attempts: counts ? attempts + 1 : attempts,
      nextReconcileAt: this.after(delay),
      lastErrorCode: code,
      lastErrorMessage: failure.message,
    });
    return saved ? 'gone' : 'again';
  }

  private async step(work: EnvironmentWork): Promise<Outcome> {
    const { environment, provider, nodes } = work;
    const driver = this.accounts.driverFor(provider);
    if (environment.desired === 'absent' && nodes.length === 0) {
      return (await this.parts.finisher.run(work, driver)) ? 'gone' : 'again';
    }
    const places = new Places(driver, environment.region);
    const run = { work, driver, places, decided: decideNodes(work, this.stores.nodes.now()) };
    if (await this.act(run)) return 'again';
    await this.stores.environments.markReady(environment.id);
    return isSettled(run.decided) ? 'settled' : 'wait';
  }

  /**
   * Everything that has been decided, each whatever becomes of the others: one server that may not be
   * deleted must not keep another from being started. Deletes come first, as they save money; what
   * needs no call to the cloud waits for none; launches, which may take long, come last.
   * @returns whether anything is different now. @throws the first failure, when all has been tried.
   */
  private async act(run: Run): Promise<boolean> {
    const { driver, places, work, decided } = run;
    const failures: unknown[] = [];
    let changed = false;
    const actions: (() => Promise<boolean>)[] = [
      () => this.change(run, 'terminate'),
      () => this.advance(run),
      () => this.change(run, 'stop'),
      () => this.change(run, 'start'),
      () =>
        relaunchNodes(decided, work.environment.region, {
          driver,
          places,
          nodes: this.stores.nodes,
        }),
      () => this.launch(run),
      () => this.settle(run),
    ];
    for (const action of actions) {
      try {
        if (await action()) changed = true;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return changed;
  }

  private async launch(run: Run): Promise<boolean> {
    const nodes = nodesTo(run, 'launch');
    if (nodes.length > 0) await this.prepareAndPlan(run, nodes);
    return nodes.length > 0;
  }

  private change(run: Run, action: ServerAction): Promise<boolean> {
    const { driver, work } = run;
    const nodes = nodesTo(run, action);
    return changeServers(action, work.environment.region, nodes, driver, this.stores.nodes);
  }

  private async settle({ work, driver, places, decided }: Run): Promise<boolean> {
    const waiting = decided.filter(({ decision }) => decision.do === 'settle');
    const launches = launchesToSettle(
      work,
      waiting.map(({ node }) => node),
    );
    const failures: unknown[] = [];
    for (const launch of launches)
      await this.parts.launcher
        .settle(work, { driver, places }, launch)
        .catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    return launches.length > 0;
  }

  private async advance(run: Run): Promise<boolean> {
    const changes = advanceNodes(run.decided, this.stores.nodes.now());
    await this.stores.nodes.saveAll(changes);
    const booting = changes.filter(({ patch }) => patch.phase === 'booting');
    const tenant = run.work.provider.id;
    const woken = [...booting.map(({ node }) => node), ...nodesTo(run, 'leave')];
    await this.waker.wakeAll(
      'node',
      woken.map(({ id }) => ({ id, tenant })),
    );
    return changes.length > 0;
  }

  /** The environment's keys, then what its servers need at the cloud, then the launches: one a call. */
  private async prepareAndPlan({ work, driver, places }: Run, nodes: NodeRow[]): Promise<void> {
    const { sealer, launcher, sshFrom } = this.parts;
    const save = (patch: EnvironmentPatch) =>
      this.stores.environments.save(work.environment, patch);
    if (!work.environment.sealedKeys) {
      await save(await makeKeys(work.environment, sealer));
      return;
    }
    try {
      if (needsPreparing(work)) {
        const saved = await save(await prepareCloud(work, driver, sshFrom));
        if (!saved) await this.takeBack(work, driver);
      } else await launcher.plan(work, { driver, places }, nodes);
    } catch (error) {
      const failure = asCloudHeroError(error);
      if (failure.temporary) throw failure;
      await launcher.fail(nodes, failure);
    }
  }

  /** What was made at the cloud for an environment that is gone by now is for nobody. */
  private async takeBack({ environment }: EnvironmentWork, driver: CloudDriver): Promise<void> {
    const { id, region } = environment;
    if (!(await this.stores.environments.load(id))) await driver.cleanup(region, id);
  }

  /** @returns false when the environment changed meanwhile and has to be looked at again. */
  private async schedule(
    { environment }: EnvironmentWork,
    outcome: 'wait' | 'settled',
  ): Promise<boolean> {
    const saved = await this.stores.environments.save(environment, {
      attempts: 0,
      nextReconcileAt: outcome === 'wait' ? this.after(LOOK_AGAIN_MS) : null,
      lastErrorCode: null,
      lastErrorMessage: null,
    });
    return saved !== null;
  }

  private after(ms: number): Date {
    return new Date(this.stores.environments.now() + ms);
  }
}

function nodesTo({ decided }: Run, action: DecidedNode['decision']['do']): NodeRow[] {
  return decided.filter(({ decision }) => decision.do === action).map(({ node }) => node);
}

/** Those that a node waits for, and those whose nodes all have their servers: they only need closing. */
function launchesToSettle({ launches, nodes }: EnvironmentWork, waiting: readonly NodeRow[]) {
  const wanted = new Set(waiting.map((node) => node.launchId));
  const open = new Set(nodes.filter((node) => !node.providerServerId).map((node) => node.launchId));
  return launches.filter(({ id }) => wanted.has(id) || !open.has(id));
}

/** Nothing is under way: neither here nor at package-installer. */
function isSettled(decided: readonly DecidedNode[]): boolean {
  return decided.every(
    ({ node, decision }) =>
      decision.do === 'nothing' && ['ready', 'stopped', 'failed'].includes(node.phase),
  );
}
