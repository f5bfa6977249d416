import type { CloudDriver } from '@cloudhero/cloud';
import {
  asCloudHeroError,
  CloudHeroError,
  decideRefusal,
  type EnvironmentKeys,
  type ErrorCode,
  type RefusalDecision,
  userData,
} from '@cloudhero/domain';
import {
  type LaunchRepository,
  type NodeRepository,
  type EnvironmentWork,
  type LaunchRow,
  type NodeChange,
  type NodeRow,
} from '@cloudhero/persistence';
import { sealContext, type Sealer } from '@cloudhero/secrets';
import { assignServers } from './assign-servers';
import type { Place, Places } from './places';
import { WITHOUT_SERVER } from './relaunch-nodes';

/** Servers in one call. */
const LARGEST_BATCH = 200;
/** Environments up to this size get a name on each server, which costs a call a server at EC2. */
const NAMED_UP_TO = 25;
/** From claiming a launch, this long is anything of it sent; then others may take over. */
const SEND_WITHIN_MS = 30_000;
/** And this long after it, nothing more comes of what was sent. */
const ALONE_AFTER_MS = 2 * SEND_WITHIN_MS;
/** Refusals of a call that were heard: nothing of it is under way. */
const ANSWERED: ReadonlySet<ErrorCode> = new Set(['throttled', 'capacity_unavailable']);
const PATIENCE = { capacity_unavailable: 5, other: 20 };

/** The cloud that an environment is at, and where in it nodes can be placed. */
export interface LaunchSite {
  driver: CloudDriver;
  places: Places;
}

/**
 * Launches in two steps that a crash may part anywhere. `plan` writes a launch and its nodes down;
 * `settle` asks the cloud for it under the launch's id, again and again until the outcome is known.
 */
export class LaunchNodes {
  constructor(
    private readonly launches: LaunchRepository,
    private readonly nodes: NodeRepository,
    private readonly sealer: Sealer,
  ) {}

  /** Writes down launches for nodes that have none, one for each place and `LARGEST_BATCH`. */
  async plan(work: EnvironmentWork, { driver, places }: LaunchSite, nodes: readonly NodeRow[]) {
    const { id, region } = work.environment;
    const groups = new Map<string, { place: Place; nodes: NodeRow[] }>();
    for (const node of nodes) {
      // A place too far is one that the customer has taken off the list meanwhile: the first again.
      const place = (await places.of(node)) ?? { size: node.size, zone: null };
      // Nodes of one launch fare alike, so they must have the same places left.
      const key = [node.size, ...node.fallbackSizes, node.candidate].join('/');
      const group = groups.get(key) ?? { place, nodes: [] };
      groups.set(key, group);
      group.nodes.push(node);
    }
    for (const { place, nodes: together } of groups.values()) {
      const image = await driver.findImage(region, place.size);
      for (let start = 0; start < together.length; start += LARGEST_BATCH) {
        const batch = together.slice(start, start + LARGEST_BATCH);
        await this.launches.create(id, batch, { ...place, image });
      }
    }
  }

  /**
   * Finds a launch's outcome out and writes it on its nodes.
   * @throws what the cloud said, when that leaves the outcome open.
   */
  async settle(work: EnvironmentWork, site: LaunchSite, launch: LaunchRow): Promise<void> {
    const waiting = work.nodes.filter(
      (node) => node.launchId === launch.id && !node.providerServerId,
    );
    if (waiting.length === 0) return this.launches.settle(launch.id);
    const { driver } = site;
    // Begins before the claim, so that it ends before anybody else may take over.
    const signal = AbortSignal.timeout(SEND_WITHIN_MS);
    if (!(await this.launches.claim(launch, driver.launchSettlesMs))) {
      throw new CloudHeroError('launch_incomplete', 'Another worker has just sent this launch.', {
        retryAfterMs: Math.max(1000, driver.launchSettlesMs / 3),
      });
    }
    const first = launch.attempt === 0;
    // Before it is sent: an earlier attempt that comes to something after this one is refused would
    // have to come within that time.
    const othersMs = this.othersMaySendMs(launch);
    let servers;
    try {
      servers = await driver.launch(this.batch(work, launch), { first, signal });
    } catch (error) {
      const refusal = { failure: asCloudHeroError(error), othersMs };
      return this.refused(work, site, launch, waiting, refusal);
    }
    await this.assign(work, driver, launch, waiting, servers);
  }

  /** Gives up on nodes; with `refused`, because that launch has certainly made nothing. */
  async fail(nodes: readonly NodeRow[], failure: CloudHeroError, refused?: LaunchRow) {
    const changes = nodes.map((node): NodeChange => {
      const released = refused ? { launchId: null } : {};
      if (node.desired === 'absent' && refused) {
        const event = { type: 'phase', message: 'Nothing was launched.' } as const;
        const absentAt = new Date(this.nodes.now());
        return { node, patch: { ...released, phase: 'absent', absentAt }, event };
      }
      const error = { lastErrorCode: failure.code, lastErrorMessage: failure.message };
      return {
        node,
        patch: { ...released, ...error, phase: 'failed' },
        event: { type: 'error', code: failure.code, message: failure.message },
      };
    });
    await this.nodes.saveAll(changes, refused && this.launches.refused(refused));
  }

  private async refused(
    work: EnvironmentWork,
    { places }: LaunchSite,
    launch: LaunchRow,
    waiting: readonly NodeRow[],
    { failure, othersMs }: { failure: CloudHeroError; othersMs: number },
  ): Promise<void> {
    const noRoom = failure.code === 'capacity_unavailable';
    const more = noRoom && (await Promise.all(waiting.map((node) => places.moreAfter(node))));
    const patience = PATIENCE[noRoom ? 'capacity_unavailable' : 'other'];
    const decision = decideRefusal({
      code: failure.code,
      temporary: failure.temporary,
      first: launch.attempt === 0,
      wanted: waiting.some((node) => isWanted(work, node)),
      outOfPatience: work.environment.attempts >= patience,
      elsewhere: more !== false && more.every(Boolean),
    });
    const actions: Record<RefusalDecision, () => Promise<void>> = {
      retry: () => this.tryAgain(launch, failure),
      elsewhere: () => this.goElsewhere(launch, waiting),
      close: () => this.fail(waiting, failure, launch),
      abandon: () => this.fail(waiting, failure),
    };
    const closes = decision === 'close' || decision === 'elsewhere';
    if (closes && othersMs > 0) await this.waitForOthers(launch, othersMs);
    await actions[decision]();
  }

  /** @throws the failure; where it says that the cloud has answered, nobody has to wait for more. */
  private async tryAgain(launch: LaunchRow, failure: CloudHeroError): Promise<never> {
    if (ANSWERED.has(failure.code)) await this.launches.release(launch);
    throw failure;
  }

  /** For how long an earlier attempt can still be sent, by a worker that was only slow. */
  private othersMaySendMs({ attempt, sentAt, createdAt }: LaunchRow): number {
    if (attempt === 0) return 0;
    return (sentAt ?? createdAt).getTime() + ALONE_AFTER_MS - this.nodes.now();
  }

  /** What this attempt was refused, an earlier one may have been given. @throws launch_incomplete */
  private async waitForOthers(launch: LaunchRow, retryAfterMs: number): Promise<never> {
    await this.launches.release(launch);
    const message = 'An earlier attempt of this launch may still come to something.';
    throw new CloudHeroError('launch_incomplete', message, { retryAfterMs });
  }

  private async goElsewhere(launch: LaunchRow, waiting: readonly NodeRow[]) {
    const place = launch.zone ? ` in ${launch.zone}` : '';
    const message = `The cloud has no room for a ${launch.size}${place} at the moment.`;
    await this.nodes.saveAll(
      waiting.map((node) => ({
        node,
        patch: { ...WITHOUT_SERVER, installedPackages: [], candidate: node.candidate + 1 },
        event: { type: 'progress', code: 'capacity_unavailable', message },
      })),
      this.launches.refused(launch),
    );
  }

  private batch({ environment, nodes }: EnvironmentWork, launch: LaunchRow) {
    const keys = this.sealer.open<EnvironmentKeys>(
      environment.sealedKeys ?? '',
      sealContext.environmentKeys(environment.id),
    );
    const names = nodes
      .filter((node) => node.launchId === launch.id)
      .map((node) => node.serverName);
    return {
      launchId: launch.id,
      environmentId: environment.id,
      region: environment.region,
      resources: environment.cloudResources ?? {},
      name: names.length === 1 && names[0] ? names[0] : environment.name,
      names,
      size: launch.size,
      image: launch.image ?? '',
      zone: launch.zone,
      userData: userData({
        sshPublicKey: environment.sshPublicKey ?? '',
        hostPrivateKey: keys.hostPrivateKey,
        hostPublicKey: environment.hostPublicKey ?? '',
      }),
    };
  }

  private async assign(
    work: EnvironmentWork,
    driver: CloudDriver,
    launch: LaunchRow,
    waiting: readonly NodeRow[],
    servers: Parameters<typeof assignServers>[1],
  ): Promise<void> {
    const taken = new Set(work.nodes.map((node) => node.providerServerId));
    const pairs = assignServers(
      waiting,
      servers.filter(({ id }) => !taken.has(id)),
    );
    if (pairs.length < waiting.length) {
      throw new CloudHeroError('launch_incomplete', 'The cloud did not name every server.');
    }
    const saved = await this.nodes.saveAll(
      pairs.map(({ node, server }) => ({
        node,
        patch: {
          providerServerId: server.id,
          serverState: server.state,
          // A repeat may find that the cloud had no room after all, and has taken the server away.
          lostFor: server.lostFor ?? null,
          serverSize: server.size ?? launch.size,
          privateIp: server.privateIp ?? null,
          zone: server.zone ?? null,
          observedAt: new Date(this.nodes.now()),
          // The launch is what was asked for last, unless that has changed meanwhile.
          ...(node.desired === 'running' && { actedGeneration: node.generation }),
        },
        event: { type: 'progress', message: `The cloud made server ${server.id}.` },
      })),
    );
    if (saved.size === pairs.length) await this.launches.settle(launch.id);
    if (work.nodes.length > NAMED_UP_TO) return;
    // Names are for people; without them everything works, so a failure is not worth a retry.
    await Promise.allSettled(
      pairs
        .filter(({ node, server }) => server.name !== node.serverName)
        .map(({ node, server }) =>
          driver.rename(work.environment.region, server.id, node.serverName),
        ),
    );
  }
}

/** Given up on once already, or not wanted any more, a node gains nothing by being given up on. */
function isWanted({ environment }: EnvironmentWork, { desired, phase }: NodeRow): boolean {
  return environment.desired !== 'absent' && desired !== 'absent' && phase !== 'failed';
}
