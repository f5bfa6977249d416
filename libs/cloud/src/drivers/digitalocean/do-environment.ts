import { CloudHeroError } from '@cloudhero/domain';
import type { CloudResources, EnvironmentSpec } from '../../cloud-driver';
import { atOnce } from './at-once';
import { listDroplets } from './do-droplets';
import { deleteFirewall, ensureFirewall, listFirewalls } from './do-firewall';
import {
  countTagged,
  deleteKey,
  deleteTag,
  ensureKey,
  ensureTag,
  listTags,
} from './do-keys-and-tags';
import { keyFingerprint, withColons, type DoMarks } from './do-marks';

/** Makes, or finds, what an environment's droplets need. */
export async function prepareEnvironment(
  marks: DoMarks,
  spec: EnvironmentSpec,
): Promise<CloudResources> {
  const name = marks.resource(spec.environmentId);
  const tag = marks.environment(spec.environmentId);
  // Tags first: the firewall needs the one, and without the other the key could not be found again.
  await ensureTag(tag);
  await ensureTag(marks.key(spec.environmentId, keyFingerprint(spec.sshPublicKey)));
  const sshKey = await ensureKey(name, spec.sshPublicKey);
  const firewall = await ensureFirewall(name, tag, spec);
  return { sshKey, firewall };
}

/** Deletes what the above made, and the launches' tags. @throws conflict while there are droplets. */
export async function cleanEnvironment(marks: DoMarks, environmentId: string): Promise<void> {
  const environmentTag = marks.environment(environmentId);
  const droplets = await listDroplets({ tag_name: environmentTag });
  if (droplets.length > 0)
    throw new CloudHeroError('conflict', 'DigitalOcean still has droplets of the environment.');
  const name = marks.resource(environmentId);
  const firewalls = (await listFirewalls()).filter((firewall) => firewall.name === name);
  for (const { id } of firewalls) await deleteFirewall(id);
  const tags = (await listTags()).flatMap((tag) => {
    const read = marks.readTag(tag.name);
    return read ? [{ ...read, name: tag.name }] : [];
  });
  const own = tags.filter((tag) => tag.environmentId === environmentId);
  for (const { keyHex } of own) if (keyHex) await deleteKey(withColons(keyHex));
  await atOnce(own, (tag) => deleteTag(tag.name));
  // The last one takes the installation's mark along. While another environment has a tag it stays:
  // droplets that are being made might just have got it, and without it nobody would find them.
  if (tags.length > own.length) return;
  if ((await countTagged(marks.installation)) === 0) await deleteTag(marks.installation);
}
