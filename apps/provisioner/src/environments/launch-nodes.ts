import type { CloudDriver } from '@cloudhero/cloud';
import {
  asCloudHeroError,
  CloudHeroError,
  type EnvironmentKeys,
  type ErrorCode,
  type ObservedServer,
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

/** Servers in one call. */
const LARGEST_BATCH = 200;
/** Environments up to this size get a name on each server, which costs a call a server. */
const NAMED_UP_TO = 25;
/** Refusals after which a cloud has certainly made nothing, even if the call was a repeat. */
const DEFINITE: ReadonlySet<ErrorCode> = new Set([
  'quota_exceeded',
  'capacity_unavailable',
  'invalid_request',
  'image_not_found',
]);

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

  /** Writes down launches for nodes that have none, one for each size and `LARGEST_BATCH`. */
  async plan(work: EnvironmentWork, driver: CloudDriver, nodes: NodeRow[]): Promise<LaunchRow[]> {
    const { id, region } = work.environment;
    const planned: LaunchRow[] = [];
    for (const [size, ofSize] of groupBy(nodes, (node) => node.size)) {
      const image = await driver.findImage(region, size);
      for (let start = 0; start < ofSize.length; start += LARGEST_BATCH) {
        const batch = ofSize.slice(start, start + LARGEST_BATCH);
        const launch = await this.launches.create(id, batch, size, image, null);
        if (launch) planned.push(launch);
      }
    }
    return planned;
  }

  /**
   * Finds a launch's outcome out and writes it on its nodes.
   * @param certain whether no earlier call for this launch can have got through.
   * @throws what the cloud said, when that leaves the outcome open.
   */
  async settle(work: EnvironmentWork, driver: CloudDriver, launch: LaunchRow, certain: boolean) {
    const waiting = work.nodes.filter(
      (node) => node.launchId === launch.id && !node.providerServerId,
    );
    if (waiting.length === 0) return this.launches.close(launch.id, 'settled');
    try {
      const servers = await driver.launch(this.batch(work, launch));
      await this.assign(work, driver, launch, waiting, servers);
    } catch (error) {
      const failure = asCloudHeroError(error);
      if (!this.isFinal(failure, work, certain)) throw failure;
      const nothingMade = DEFINITE.has(failure.code) || (certain && !failure.temporary);
      await this.fail(waiting, failure, nothingMade ? launch.id : null);
    }
  }

  /** Gives up on nodes; with `launchId`, because that launch has certainly made nothing. */
  async fail(nodes: readonly NodeRow[], failure: CloudHeroError, launchId: string | null) {
    const changes = nodes.map((node): NodeChange => {
      const released = launchId ? { launchId: null } : {};
      if (node.desired === 'absent' && launchId) {
        const event = { type: 'phase', message: 'Nothing was launched.' } as const;
        return { node, patch: { ...released, phase: 'absent', absentAt: new Date() }, event };
      }
      return {
        node,
        patch: {
          ...released,
          phase: 'failed',
          lastErrorCode: failure.code,
          lastErrorMessage: failure.message,
        },
        event: { type: 'error', code: failure.code, message: failure.message },
      };
    });
    await this.nodes.saveAll(changes);
    if (launchId) await this.launches.close(launchId, 'failed');
  }

  /** Whether to stop asking. Nodes that have to go are never given up: a server may be there. */
  private isFinal(failure: CloudHeroError, work: EnvironmentWork, certain: boolean): boolean {
    const patience = failure.code === 'capacity_unavailable' ? 5 : 20;
    if (failure.temporary) {
      const exhausted = work.environment.attempts >= patience;
      return exhausted && (DEFINITE.has(failure.code) || work.environment.desired !== 'absent');
    }
    if (DEFINITE.has(failure.code) || certain) return true;
    return work.environment.desired !== 'absent';
  }

  private batch({ environment, nodes }: EnvironmentWork, launch: LaunchRow) {
    const keys = this.sealer.open<EnvironmentKeys>(
      environment.sealedKeys ?? '',
      sealContext.environmentKeys(environment.id),
    );
    const only = nodes.filter((node) => node.launchId === launch.id);
    return {
      launchId: launch.id,
      environmentId: environment.id,
      region: environment.region,
      resources: environment.cloudResources ?? {},
      name: only.length === 1 && only[0] ? only[0].serverName : environment.name,
      size: launch.size,
      image: launch.image ?? '',
      zone: launch.zone,
      count: launch.count,
      userData: userData({
        sshPublicKey: environment.sshPublicKey ?? '',
        hostPrivateKey: keys.hostPrivateKey,
        hostPublicKey: environment.hostPublicKey ?? '',
      }),
    };
  }

  /** Servers of one launch are alike; the order of their ids makes a repeat agree with itself. */
  private async assign(
    work: EnvironmentWork,
    driver: CloudDriver,
    launch: LaunchRow,
    waiting: readonly NodeRow[],
    servers: readonly ObservedServer[],
  ) {
    const taken = new Set(work.nodes.map((node) => node.providerServerId));
    const free = servers.filter(({ id }) => !taken.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (free.length < waiting.length) {
      throw new CloudHeroError('launch_incomplete', 'The cloud did not name every server.');
    }
    const pairs = waiting.flatMap((node, index) => {
      const server = free[index];
      return server ? [{ node, server }] : [];
    });
    const saved = await this.nodes.saveAll(
      pairs.map(({ node, server }) => ({
        node,
        patch: {
          providerServerId: server.id,
          serverState: server.state,
          privateIp: server.privateIp ?? null,
          zone: server.zone ?? null,
        },
        event: { type: 'progress', message: `The cloud made server ${server.id}.` },
      })),
    );
    if (saved.size === pairs.length) await this.launches.close(launch.id, 'settled');
    if (work.nodes.length > NAMED_UP_TO || pairs.length === 1) return;
    // Names are for people; without them everything works, so a failure is not worth a retry.
    await Promise.allSettled(
      pairs.map(({ node, server }) =>
        driver.rename(work.environment.region, server.id, node.serverName),
      ),
    );
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
