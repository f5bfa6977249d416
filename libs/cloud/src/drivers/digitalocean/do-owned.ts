import { CloudHeroError } from '@cloudhero/domain';
import type { OwnedResource } from '../../cloud-driver';
import { digitalOcean } from './do-client';
import { listDroplets } from './do-droplets';
import { isNotFound } from './do-errors';
import { deleteFirewall, listFirewalls } from './do-firewall';
import { countTagged, deleteKey, deleteTag, listKeys, listTags } from './do-keys-and-tags';
import type { DoMarks } from './do-marks';

/** Looks that are under way, each at one account. */
const underWay = new WeakMap<DoMarks, ReturnType<typeof look>>();

/** Whoever asks about many regions at once shares one look: keys can be listed ten times a minute. */
function lookOnce(marks: DoMarks): ReturnType<typeof look> {
  const known = underWay.get(marks);
  if (known) return known;
  const begun = look(marks).finally(() => underWay.delete(marks));
  underWay.set(marks, begun);
  return begun;
}

async function look(marks: DoMarks) {
  const droplets = await listDroplets({ tag_name: marks.installation });
  const firewalls = await listFirewalls();
  const keys = await listKeys();
  const tags = await listTags();
  return { droplets, firewalls, keys, tags };
}

/**
 * What carries the installation's mark. Firewalls, keys and tags belong to no region: they are in
 * every region's list. The installation's own tag is the mark, and listed when it marks nothing.
 */
export async function listOwnedAt(marks: DoMarks, region: string): Promise<OwnedResource[]> {
  const { droplets, firewalls, keys, tags } = await lookOnce(marks);
  const owned = [
    ...droplets
      .filter((droplet) => droplet.region.slug === region)
      .map((droplet): OwnedResource => {
        const read = droplet.tags.map((tag) => marks.readTag(tag));
        const environmentId = read.find((tag) => tag)?.environmentId;
        const launchId = read.find((tag) => tag?.launchId)?.launchId;
        return {
          kind: 'server',
          id: String(droplet.id),
          name: droplet.name,
          ...(environmentId ? { environmentId } : {}),
          ...(launchId ? { launchId } : {}),
          createdAt: new Date(droplet.created_at),
        };
      }),
    ...firewalls.flatMap(({ id, name, created_at: createdAt }): OwnedResource[] => {
      const environmentId = marks.readResource(name);
      if (!environmentId) return [];
      const made = createdAt ? { createdAt: new Date(createdAt) } : {};
      return [{ kind: 'firewall', id, name, environmentId, ...made }];
    }),
    ...keys.flatMap(({ id, name }): OwnedResource[] => {
      const environmentId = marks.readResource(name);
      return environmentId ? [{ kind: 'ssh_key', id: String(id), name, environmentId }] : [];
    }),
    ...tags.flatMap(({ name }): OwnedResource[] => {
      const read = marks.readTag(name);
      if (!read) return [];
      const { environmentId, launchId } = read;
      return [{ kind: 'tag', id: name, name, environmentId, ...(launchId ? { launchId } : {}) }];
    }),
  ];
  const { installation: name } = marks;
  const isAlone = owned.length === 0 && droplets.length === 0;
  if (isAlone && tags.some((tag) => tag.name === name)) return [{ kind: 'tag', id: name, name }];
  return owned;
}

/** @throws conflict for a tag that droplets carry: it would be taken from them. */
export async function deleteOwnedAt({ kind, id }: OwnedResource): Promise<void> {
  switch (kind) {
    case 'server':
      await digitalOcean.droplets.deleteDroplet(Number(id)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      return;
    case 'firewall':
      return deleteFirewall(id);
    case 'ssh_key':
      return deleteKey(id);
    case 'tag':
      if ((await countTagged(id)) > 0)
        throw new CloudHeroError('conflict', 'Droplets still carry the tag.');
      return deleteTag(id);
    case 'volume':
      // Droplets are made without volumes, so there is none with our mark.
      return;
  }
}
