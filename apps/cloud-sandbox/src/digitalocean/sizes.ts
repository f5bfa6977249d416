import { REGION_SLUGS } from './regions';

export interface DoSize {
  slug: string;
  description: string;
  vcpus: number;
  /** MiB */
  memory: number;
  /** GiB */
  disk: number;
  /** TB a month */
  transfer: number;
  priceMonthly: number;
  regions: string[];
}

type Row = [
  slug: string,
  description: string,
  vcpus: number,
  memoryGiB: number,
  disk: number,
  transfer: number,
  priceMonthly: number,
];

/** @see https://www.digitalocean.com/pricing/droplets */
const ROWS: Row[] = [
  ['s-1vcpu-1gb', 'Basic', 1, 1, 25, 1, 6],
  ['s-1vcpu-2gb', 'Basic', 1, 2, 50, 2, 12],
  ['s-2vcpu-2gb', 'Basic', 2, 2, 60, 3, 18],
  ['s-2vcpu-4gb', 'Basic', 2, 4, 80, 4, 24],
  ['s-4vcpu-8gb', 'Basic', 4, 8, 160, 5, 48],
  ['c-2', 'CPU-Optimized', 2, 4, 25, 4, 42],
  ['g-2vcpu-8gb', 'General Purpose', 2, 8, 25, 4, 63],
  ['m-2vcpu-16gb', 'Memory-Optimized', 2, 16, 50, 4, 84],
];

/** Not every region has the dedicated ones, as at DigitalOcean. */
const MISSING: Record<string, readonly string[]> = {
  'c-2': ['nyc1'],
  'g-2vcpu-8gb': ['lon1', 'sgp1'],
  'm-2vcpu-16gb': ['lon1', 'ams3', 'sgp1'],
};

const HOURS_A_MONTH = 672;

export const DO_SIZES: readonly DoSize[] = ROWS.map(
  ([slug, description, vcpus, memoryGiB, disk, transfer, priceMonthly]) => ({
    slug,
    description,
    vcpus,
    memory: memoryGiB * 1024,
    disk,
    transfer,
    priceMonthly,
    regions: REGION_SLUGS.filter((region) => !MISSING[slug]?.includes(region)),
  }),
);

const BY_SLUG = new Map(DO_SIZES.map((size) => [size.slug, size]));

export function doSize(slug: string): DoSize | undefined {
  return BY_SLUG.get(slug);
}

/** The slugs of the sizes that a region has. */
export function sizesIn(region: string): string[] {
  return DO_SIZES.filter(({ regions }) => regions.includes(region)).map(({ slug }) => slug);
}

/** As the API shows it. */
export function sizeJson(size: DoSize) {
  return {
    slug: size.slug,
    memory: size.memory,
    vcpus: size.vcpus,
    disk: size.disk,
    transfer: size.transfer,
    price_monthly: size.priceMonthly,
    price_hourly: Number((size.priceMonthly / HOURS_A_MONTH).toFixed(5)),
    regions: size.regions,
    available: true,
    description: size.description,
    disk_info: [{ type: 'local', size: { amount: size.disk, unit: 'gib' } }],
  };
}
