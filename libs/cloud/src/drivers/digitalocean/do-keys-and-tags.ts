import type { SshKey, Tag } from 'digitalocean-js';
import { digitalOcean } from './do-client';
import { asCloudError, isNotFound } from './do-errors';
import { keyFingerprint } from './do-marks';
import { readAll, readSteady } from './do-pages';

/** Makes a tag. Firewalls and droplets can only be given tags that are there. */
export async function ensureTag(name: string): Promise<void> {
  try {
    await digitalOcean.tags.createTag(name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Where one that is there is refused, asking for it tells that from a name that is not allowed.
    await digitalOcean.tags.getTagByName(name);
  }
}

export function listTags(): Promise<Tag[]> {
  return readSteady<Tag>('/tags', 'tags');
}

/** How many droplets carry a tag; none where there is no such tag. */
export async function countTagged(name: string): Promise<number> {
  try {
    const { resources } = await digitalOcean.tags.getTagByName(name);
    return resources?.droplets?.count ?? 0;
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
}

export async function deleteTag(name: string): Promise<void> {
  try {
    await digitalOcean.tags.deleteTag(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Adds an SSH key, or finds it: an account can have a key once. Never by listing them, which is allowed
 * ten times a minute.
 * @returns its fingerprint
 */
export async function ensureKey(name: string, publicKey: string): Promise<string> {
  const fingerprint = keyFingerprint(publicKey);
  try {
    await digitalOcean.ssh.createNewKey({ name, public_key: publicKey });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await digitalOcean.ssh.getExistingKey(fingerprint).catch((missing: unknown) => {
      throw isNotFound(missing) ? error : missing;
    });
  }
  return fingerprint;
}

export function listKeys(): Promise<SshKey[]> {
  return readAll<SshKey>('/account/keys', 'ssh_keys');
}

/** @param key id or fingerprint */
export async function deleteKey(key: string): Promise<void> {
  try {
    await digitalOcean.ssh.deleteKey(key);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const isRefusal = (error: unknown) =>
  ['invalid_request', 'conflict'].includes(asCloudError(error).code);
