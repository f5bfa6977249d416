import { createHash } from 'node:crypto';
import { subnetAt } from '../machines/addresses';

export interface DoRegion {
  slug: string;
  name: string;
}

export const DO_REGIONS: readonly DoRegion[] = [
  { slug: 'nyc1', name: 'New York 1' },
  { slug: 'nyc3', name: 'New York 3' },
  { slug: 'sfo3', name: 'San Francisco 3' },
  { slug: 'fra1', name: 'Frankfurt 1' },
  { slug: 'lon1', name: 'London 1' },
  { slug: 'ams3', name: 'Amsterdam 3' },
  { slug: 'sgp1', name: 'Singapore 1' },
];

export const REGION_SLUGS = DO_REGIONS.map(({ slug }) => slug);
export const REGION_FEATURES = ['backups', 'ipv6', 'metadata', 'storage', 'image_transfer'];

/** A UUID that is the same on every machine for the same words. */
export function stableUuid(...words: string[]): string {
  const hash = createHash('sha256').update(words.join('/')).digest('hex');
  return [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`]
    .concat(hash.slice(20, 32))
    .join('-');
}

/** The default VPC that an account has in a region. */
export function defaultVpcUuid(account: string, region: string): string {
  return stableUuid('vpc', account, region);
}

/**
 * Where droplets of every account and region have their private addresses: the last quarter of the
 * private network, whose other three belong to EC2's zones.
 */
export function dropletSubnet(privateCidr: string): string {
  return subnetAt(privateCidr, 18, 3);
}
