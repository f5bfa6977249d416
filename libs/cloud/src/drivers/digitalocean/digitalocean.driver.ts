import type { CloudMetadata, ObservedServer } from '@cloudhero/domain';
import type {
  CloudAccount,
  CloudDriver,
  CloudResources,
  EnvironmentSpec,
  LaunchAttempt,
  LaunchBatch,
  OwnedResource,
  StateChange,
} from '../../cloud-driver';
import { Answers, OFFERS_KEPT_MS } from '../../answers';
import { type MeteredCalls, withPriority } from '../../metered-calls';
import { findDebianImage, readMetadata } from './do-catalogue';
import { digitalOcean } from './do-client';
import {
  type ActionsOf,
  asServer,
  type DropletView,
  getDroplets,
  isInMotion,
  newestActions,
  stillbornAmong,
} from './do-droplets';
import { DoDropletPages } from './do-droplet-pages';
import { cleanEnvironment, prepareEnvironment } from './do-environment';
import { DoLaunch } from './do-launch';
import { DoMarks, renamed } from './do-marks';
import { deleteOwnedAt, listOwnedAt } from './do-owned';
import { deleteDroplets, startDroplets, stopDroplets } from './do-power';
import { DoTransport, PUBLIC_ENDPOINT } from './do-transport';

/** With more environments, one list of everything costs fewer calls. */
const LISTED_ONE_BY_ONE = 3;

/** DigitalOcean, or a private cloud that speaks its API. */
export class DigitalOceanDriver implements CloudDriver {
  /** A create that is under way ends with its timeout of 30 s; the rest is for the cloud to show it. */
  readonly launchSettlesMs = 90_000;

  private readonly api: DoTransport;
  private readonly marks: DoMarks;
  private readonly host: string;
  private readonly pages = new DoDropletPages();
  private readonly images = new Answers<string>(OFFERS_KEPT_MS);
  private readonly atRest = new WeakMap<DropletView, ObservedServer>();

  constructor(account: CloudAccount, calls: MeteredCalls) {
    this.api = new DoTransport(account, calls);
    this.marks = new DoMarks(account.installationId);
    this.host = new URL(account.endpoint ?? PUBLIC_ENDPOINT).host;
  }

  verifyCredentials(): Promise<{ account: string }> {
    return this.urgently(async () => {
      const account = await digitalOcean.account.getUserInformation();
      return { account: account.uuid };
    });
  }

  metadata(): Promise<CloudMetadata> {
    return this.urgently(() => readMetadata(this.host));
  }

  findImage(region: string, size: string): Promise<string> {
    const ask = () => this.urgently(() => findDebianImage(region, size));
    return this.images.get(`${region}/${size}`, ask);
  }

  /** There are none. */
  zones(): Promise<string[]> {
    return Promise.resolve([]);
  }

  prepare(spec: EnvironmentSpec): Promise<CloudResources> {
    return this.urgently(() => prepareEnvironment(this.marks, spec));
  }

  launch(batch: LaunchBatch, attempt: LaunchAttempt): Promise<ObservedServer[]> {
    return this.urgently(() => new DoLaunch(batch, attempt, this.marks).run());
  }

  /** By tag: a droplet that has not been given its tags yet is not seen. */
  observe(region: string, environmentIds?: readonly string[]): Promise<ObservedServer[]> {
    return this.api.as(async () => {
      const droplets = await this.listMarked(environmentIds);
      const here = droplets.filter((droplet) => droplet.region.slug === region);
      const servers = await this.asServers(here);
      if (!environmentIds) return servers;
      const wanted = new Set<string | undefined>(environmentIds);
      return servers.filter(({ environmentId }) => wanted.has(environmentId));
    });
  }

  find(_region: string, serverIds: readonly string[]): Promise<ObservedServer[]> {
    // Before the next list: as many looks as there are would leave no call for what they raise doubts of.
    return this.urgently(async () => {
      const droplets = await getDroplets(serverIds.map(Number));
      const known = new Set(droplets.map(({ id }) => id));
      const unknown = serverIds.map(Number).filter((id) => !known.has(id));
      const look = unknown.length > 0 || droplets.some(isInMotion);
      const actions: ActionsOf = look ? await newestActions() : new Map();
      const servers = droplets.map((it) => asServer(it, this.marks, actions.get(it.id)));
      return [...servers, ...stillbornAmong(unknown, actions)];
    });
  }

  stop(_region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return this.urgently(() => stopDroplets(serverIds, this.marks.installation));
  }

  start(_region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return this.urgently(() => startDroplets(serverIds, this.marks.installation));
  }

  terminate(_region: string, serverIds: readonly string[]): Promise<StateChange[]> {
    return withPriority('delete', () =>
      this.api.as(() => deleteDroplets(serverIds, this.marks.installation)),
    );
  }

  /** Droplets are made under the name that was asked for, so this is for a later one. */
  rename(_region: string, serverId: string, name: string): Promise<void> {
    return this.urgently(async () => {
      const [droplet] = await getDroplets([Number(serverId)]);
      if (!droplet) return;
      const wanted = renamed(droplet.name, name);
      if (wanted !== droplet.name)
        await digitalOcean.dropletActions.renameDroplet(droplet.id, wanted);
    });
  }

  cleanup(_region: string, environmentId: string): Promise<void> {
    return withPriority('delete', () =>
      this.api.as(() => cleanEnvironment(this.marks, environmentId)),
    );
  }

  listOwned(region: string): Promise<OwnedResource[]> {
    return this.api.as(() => listOwnedAt(this.marks, region));
  }

  deleteOwned(_region: string, resource: OwnedResource): Promise<void> {
    return withPriority('delete', () => this.api.as(() => deleteOwnedAt(resource)));
  }

  close() {
    this.api.close();
  }

  /** What somebody waits for: its looking goes before the looking around of sweeps. */
  private urgently<T>(work: () => Promise<T>): Promise<T> {
    return withPriority('launch', () => this.api.as(work));
  }

  private async listMarked(environmentIds: readonly string[] | undefined): Promise<DropletView[]> {
    if (!environmentIds || environmentIds.length > LISTED_ONE_BY_ONE)
      return this.pages.list(this.marks.installation);
    const lists: DropletView[] = [];
    for (const id of environmentIds)
      lists.push(...(await this.pages.list(this.marks.environment(id))));
    return lists;
  }

  /** Droplets at rest are the same objects as the last time, and so are their servers. */
  private async asServers(droplets: readonly DropletView[]): Promise<ObservedServer[]> {
    const actions = droplets.some(isInMotion) ? await newestActions() : undefined;
    return droplets.map((droplet) => {
      if (isInMotion(droplet)) return asServer(droplet, this.marks, actions?.get(droplet.id));
      const server = this.atRest.get(droplet) ?? asServer(droplet, this.marks);
      this.atRest.set(droplet, server);
      return server;
    });
  }
}
