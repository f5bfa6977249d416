import { asCloudHeroError, backoffMs } from '@cloudhero/domain';
import {
  type EnvironmentRepository,
  type NodeRepository,
  type EnvironmentPatch,
  type EnvironmentWork,
  type NodeRow,
} from '@cloudhero/persistence';
import { type Waker } from '@cloudhero/queue';
import { type Sealer } from '@cloudhero/secrets';
import type { Logger } from '@cloudhero/telemetry';
import { type CloudAccountsService } from '../clouds/cloud-accounts.service';
import { advanceNodes } from './advance-nodes';
import { changeServers, type ServerAction } from './change-servers';
import { type LaunchNodes } from './launch-nodes';
import { decideNodes, type DecidedNode } from './node-facts';
import { makeKeys, needsPreparing, prepareCloud } from './prepare-environment';

/** Nobody else works on an environment for this long after somebody began to. */
const LEASE_MS = 30_000;
/** How long to wait when only a look at the cloud, or package-installer, can bring news. */
const LOOK_AGAIN_MS = 10_000;
/** More steps than any environment needs in one go; a loop that goes on is a bug. */
const MOST_STEPS = 50;

/** Again: something changed, decide anew. Wait: look again later. Settled: nothing to do. */
type Outcome = 'again' | 'wait' | 'settled' | 'gone';

export interface ReconcilerStores {
  environments: EnvironmentRepository;
  nodes: NodeRepository;
}

/**
 * Brings an environment's servers to what was asked for: load, decide, do one step, save, repeat.
 * Safe to run at any time, twice at once, and after a crash at any line.
 */
export class EnvironmentReconciler {
  constructor(
    private readonly stores: ReconcilerStores,
    private readonly launcher: LaunchNodes,
    private readonly accounts: CloudAccountsService,
    private readonly sealer: Sealer,
    private readonly waker: Waker,
    private readonly sshFrom: readonly string[],
    private readonly logger: Logger,
  ) {}

  async reconcile(id: string): Promise<void> {
    await this.stores.environments.lease(id, new Date(Date.now() + LEASE_MS));
    const launched = new Set<string>();
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const work = await this.stores.environments.load(id);
      if (!work) return;
      const outcome = await this.attempt(work, launched);
      if (outcome === 'again') continue;
      if (outcome === 'gone' || (await this.schedule(work, outcome))) return;
    }
    this.logger.error({ environmentId: id }, 'the reconciler does not come to rest');
  }

  /** One step; a failure becomes a later attempt, and is shown to the customer meanwhile. */
  private async attempt(work: EnvironmentWork, launched: Set<string>): Promise<Outcome> {
    const { environment } = work;
    try {
      return await this.step(work, launched);
    } catch (error) {
      const failure = asCloudHeroError(error);
      const delay = failure.options.retryAfterMs ?? backoffMs(environment.attempts);
      this.logger.warn(
        { environmentId: environment.id, code: failure.code, error: failure, delay },
        'a step failed',
      );
      const saved = await this.stores.environments.save(environment, {
        attempts: environment.attempts + 1,
        // What only the customer can mend is tried again, but seldom.
        nextReconcileAt: new Date(Date.now() + (failure.temporary ? delay : 60_000)),
        lastErrorCode: failure.code,
        lastErrorMessage: failure.message,
      });
      return saved ? 'gone' : 'again';
    }
  }

  private async step(work: EnvironmentWork, launched: Set<string>): Promise<Outcome> {
    const { environment, provider, nodes } = work;
    if (environment.desired === 'absent' && nodes.length === 0) return this.finish(work);
    const driver = this.accounts.driverFor(provider);
    const decided = decideNodes(work);
    const nodesTo = (action: DecidedNode['decision']['do']) =>
      decided.filter(({ decision }) => decision.do === action).map(({ node }) => node);

    const toLaunch = nodesTo('launch');
    if (toLaunch.length > 0) {
      const planned = await this.prepareAndPlan(work, driver, toLaunch);
      for (const id of planned) launched.add(id);
      return 'again';
    }
    const launches = launchesToSettle(work, nodesTo('settle'));
    for (const launch of launches) {
      await this.launcher.settle(work, driver, launch, launched.has(launch.id));
      launched.delete(launch.id);
    }
    let changed = launches.length > 0;
    for (const action of ['terminate', 'stop', 'start'] as const satisfies ServerAction[]) {
      const done = await changeServers(
        action,
        environment.region,
        nodesTo(action),
        driver,
        this.stores.nodes,
      );
      changed ||= done;
    }
    const changes = advanceNodes(decided);
    await this.stores.nodes.saveAll(changes);
    const booting = changes.filter(({ patch }) => patch.phase === 'booting');
    await this.waker.wakeAll(
      'node',
      [...booting.map(({ node }) => node), ...nodesTo('leave')].map(idOf),
    );
    if (changed || changes.length > 0) return 'again';
    await this.stores.environments.markReady(environment.id);
    return isSettled(decided) ? 'settled' : 'wait';
  }

  /** @returns the launches that were written down; none when that came to nothing. */
  private async prepareAndPlan(
    work: EnvironmentWork,
    driver: ReturnType<CloudAccountsService['driverFor']>,
    nodes: NodeRow[],
  ): Promise<string[]> {
    const save = (patch: EnvironmentPatch) =>
      this.stores.environments.save(work.environment, patch);
    if (!work.environment.sealedKeys) {
      await save(await makeKeys(work.environment, this.sealer));
      return [];
    }
    try {
      if (needsPreparing(work)) {
        await save(await prepareCloud(work, driver, this.sshFrom));
        return [];
      }
      return (await this.launcher.plan(work, driver, nodes)).map(idOf);
    } catch (error) {
      const failure = asCloudHeroError(error);
      if (failure.temporary) throw failure;
      await this.launcher.fail(nodes, failure, null);
      return [];
    }
  }

  /** The last node is gone: take away what the cloud made besides, then close the book. */
  private async finish({ environment, provider }: EnvironmentWork): Promise<Outcome> {
    // Keys are made before anything at the cloud is; without them nothing can be there.
    if (environment.sealedKeys) {
      await this.accounts.driverFor(provider).cleanup(environment.region, environment.id);
    }
    const saved = await this.stores.environments.save(
      environment,
      {
        absentAt: new Date(),
        nextReconcileAt: null,
        // The secrets of what is gone are of no use to anybody but a thief.
        sealedKeys: null,
        sealedJoinTokens: null,
        lastErrorCode: null,
        lastErrorMessage: null,
      },
      { type: 'environment', message: 'The environment is gone.' },
    );
    return saved ? 'gone' : 'again';
  }

  /** @returns false when the environment changed meanwhile and has to be looked at again. */
  private async schedule(
    { environment }: EnvironmentWork,
    outcome: 'wait' | 'settled',
  ): Promise<boolean> {
    const nextReconcileAt = outcome === 'wait' ? new Date(Date.now() + LOOK_AGAIN_MS) : null;
    const saved = await this.stores.environments.save(environment, {
      attempts: 0,
      nextReconcileAt,
      lastErrorCode: null,
      lastErrorMessage: null,
    });
    return saved !== null;
  }
}

const idOf = ({ id }: { id: string }) => id;

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
