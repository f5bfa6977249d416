import { REGION_SLUGS } from './regions';

export interface DoImage {
  id: number;
  slug: string;
  name: string;
  distribution: string;
  kind: 'distribution' | 'application';
  createdAt: string;
}

/**
 * What a real account would show, old and unrelated images among it, so that callers must choose.
 * Every one of them boots the same Debian 12 here.
 */
export const DO_IMAGES: readonly DoImage[] = [
  {
    id: 151_788_102,
    slug: 'debian-11-x64',
    name: '11 x64',
    distribution: 'Debian',
    kind: 'distribution',
    createdAt: '2024-02-22T16:10:00Z',
  },
  {
    id: 197_489_101,
    slug: 'debian-12-x64',
    name: '12 x64',
    distribution: 'Debian',
    kind: 'distribution',
    createdAt: '2025-08-13T20:29:00Z',
  },
  {
    id: 195_932_981,
    slug: 'ubuntu-24-04-x64',
    name: '24.04 (LTS) x64',
    distribution: 'Ubuntu',
    kind: 'distribution',
    createdAt: '2025-07-28T15:11:00Z',
  },
  {
    id: 193_212_406,
    slug: 'docker-20-04',
    name: 'Docker on Ubuntu 22.04',
    distribution: 'Ubuntu',
    kind: 'application',
    createdAt: '2025-06-30T09:00:00Z',
  },
];

const BY_NAME = new Map<string, DoImage>(
  DO_IMAGES.flatMap((image) => [
    [image.slug, image],
    [String(image.id), image],
  ]),
);

/** By id or slug. */
export function doImage(idOrSlug: string | number): DoImage | undefined {
  return BY_NAME.get(String(idOrSlug));
}

/** As the API shows it. */
export function imageJson(image: DoImage) {
  return {
    id: image.id,
    name: image.name,
    type: 'base',
    distribution: image.distribution,
    slug: image.slug,
    public: true,
    regions: REGION_SLUGS,
    created_at: image.createdAt,
    min_disk_size: 10,
    size_gigabytes: 2.5,
    description: `${image.distribution} ${image.name}`,
    tags: [],
    status: 'available',
  };
}
