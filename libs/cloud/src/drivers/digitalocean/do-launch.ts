import { CloudHeroError, type ErrorCode, type ObservedServer } from '@cloudhero/domain';
import type { Droplet } from 'digitalocean-js';
import { instance } from 'digitalocean-js/src/lib/axios-instance';
import type { LaunchAttempt, LaunchBatch } from '../../cloud-driver';
import { atOnce } from './at-once';
import { digitalOcean } from './do-client';
import { asServer, isInMotion, listDroplets, newestActions } from './do-droplets';
import { asCloudError } from './do-errors';
import { dropletName, type DoMarks } from './do-marks';

/** Names in one call. */
const CHUNK = 10;

/** Refusals of a creation that say that nothing came of it. */
const DEFINITE: ReadonlySet<ErrorCode> = new Set([
  'quota_exceeded',
  'capacity_unavailable',
  'invalid_request',
  'image_not_found',
]);

/**
 * One attempt to carry a launch out, at a cloud that has no idempotency: it looks for what an earlier
 * attempt may have made, makes what is missing, and sends nothing any more once `attempt.signal` says
 * that somebody else may be at it.
 */
export class DoLaunch {
  /** Droplets of this launch by their names. */
  private readonly made = new Map<string, Droplet>();
  private readonly names: ReadonlyMap<string, string>;
  private readonly launchTag: string;

  constructor(
    private readonly batch: LaunchBatch,
    private readonly attempt: LaunchAttempt,
    private readonly marks: DoMarks,
  ) {
    this.names = new Map(batch.names.map((name) => [dropletName(batch.launchId, name), name]));
    this.launchTag = marks.launch(batch.environmentId, batch.launchId);
  }

  async run(): Promise<ObservedServer[]> {
    if (!this.attempt.first) await this.look();
    const missing = [...this.names.keys()].filter((name) => !this.made.has(name));
    for (let start = 0; start < missing.length; start += CHUNK) {
      const failure = await this.create(missing.slice(start, start + CHUNK));
      if (!failure) continue;
      if (DEFINITE.has(failure.code)) await this.remove([...this.made.values()]);
      throw failure;
    }
    return this.servers();
  }

  /**
   * What earlier attempts made: by the tag, and by name what does not have its tag yet. Of two with one
   * name the older is kept; the other is from a call that was given up and came through all the same.
   */
  private async look() {
    const tagged = await listDroplets({ tag_name: this.launchTag });
    const seen = new Set(tagged.map(({ name }) => name));
    const untagged = [...this.names.keys()].filter((name) => !seen.has(name));
    const named = (await atOnce(untagged, (name) => listDroplets({ name }))).flat();
    const ours = [...tagged, ...named].filter(({ name }) => this.names.has(name));
    const doubles: Droplet[] = [];
    for (const droplet of ours.sort((a, b) => a.id - b.id)) {
      if (this.made.has(droplet.name)) doubles.push(droplet);
      else this.made.set(droplet.name, droplet);
    }
    await this.remove(doubles);
  }

  /** @returns why the cloud did not take it. */
  private async create(names: readonly string[]): Promise<CloudHeroError | undefined> {
    this.mustBeInTime();
    const { batch, marks } = this;
    const key = batch.resources['sshKey'];
    try {
      const { data } = await instance.post<{ droplets: Droplet[] }>(
        '/droplets',
        {
          names,
          region: batch.region,
          size: batch.size,
          image: batch.image,
          ssh_keys: key ? [key] : [],
          user_data: batch.userData,
          monitoring: false,
          tags: [marks.installation, marks.environment(batch.environmentId), this.launchTag],
        },
        { signal: this.attempt.signal },
      );
      for (const droplet of data.droplets) this.made.set(droplet.name, droplet);
      return undefined;
    } catch (error) {
      return asCloudError(error);
    }
  }

  /** @throws a temporary error where it is not certain that all of them go. */
  private async remove(droplets: readonly Droplet[]) {
    const removed = await atOnce(droplets, async ({ id }) => {
      this.mustBeInTime();
      try {
        await digitalOcean.droplets.deleteDroplet(id);
        return true;
      } catch {
        // Not even a 404 is a proof: a droplet that was just made may not be known yet.
        return false;
      }
    });
    if (removed.every(Boolean)) return;
    throw new CloudHeroError('launch_incomplete', 'A part of the launch has yet to be deleted.');
  }

  private mustBeInTime() {
    if (!this.attempt.signal.aborted) return;
    throw new CloudHeroError(
      'launch_incomplete',
      'The attempt took too long; another one follows.',
    );
  }

  /** In the words of the batch: a server has the name that it was asked for. */
  private async servers(): Promise<ObservedServer[]> {
    const droplets = [...this.made.values()];
    const isRepeat = !this.attempt.first;
    const actions = isRepeat && droplets.some(isInMotion) ? await newestActions() : undefined;
    return droplets.map((droplet) => ({
      ...asServer(droplet, this.marks, actions?.get(droplet.id)),
      name: this.names.get(droplet.name) ?? droplet.name,
      launchId: this.batch.launchId,
      environmentId: this.batch.environmentId,
    }));
  }
}
