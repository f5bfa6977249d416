import { CloudHeroError, type CloudMetadata } from '@cloudhero/domain';
import type { Region, Size } from 'digitalocean-js';
import { digitalOcean } from './do-client';
import { isNotFound } from './do-errors';
import { readAll } from './do-pages';

/** A slug that always means the newest image of the release. */
const IMAGE = 'debian-12-x64';

/** @param host that the API is reached at, for people to see */
export async function readMetadata(host: string): Promise<CloudMetadata> {
  const locations: CloudMetadata['locations'] = {};
  for (const { slug, name, available } of await readAll<Region>('/regions', 'regions')) {
    if (available) locations[slug] = { endpoint: host, name };
  }
  const sizes: CloudMetadata['sizes'] = {};
  for (const size of await listSizes()) {
    if (!size.available) continue;
    (sizes[size.description || 'Other'] ??= {})[size.slug] = {
      cores: String(size.vcpus),
      disk: `${size.disk} GB SSD`,
      ram: `${Number((size.memory / 1024).toFixed(2))} GiB`,
      id: size.slug,
    };
  }
  return { locations, sizes };
}

/** @throws image_not_found; invalid_request naming the regions that have the size. */
export async function findDebianImage(region: string, size: string): Promise<string> {
  const [image, sizes] = await Promise.all([getImage(), listSizes()]);
  const wanted = sizes.find(({ slug, available }) => slug === size && available);
  if (!wanted?.regions.includes(region)) {
    const where = wanted?.regions.length
      ? `It is offered in ${wanted.regions.join(', ')}.`
      : 'No region offers it.';
    throw new CloudHeroError(
      'invalid_request',
      `DigitalOcean does not offer the size ${size} in ${region}. ${where}`,
    );
  }
  if (!image?.regions.includes(region)) {
    const where = image?.regions.length ? ` It is in ${image.regions.join(', ')}.` : '';
    throw new CloudHeroError('image_not_found', `${region} has no image ${IMAGE}.${where}`);
  }
  return IMAGE;
}

async function getImage() {
  try {
    return await digitalOcean.images.getExistingImageBySlug(IMAGE);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Without those that have a GPU: their droplets are in other lists than all others. */
async function listSizes(): Promise<Size[]> {
  const sizes = await readAll<Size & { gpu_info?: object }>('/sizes', 'sizes');
  return sizes.filter((size) => !size.gpu_info);
}
