import {
  DescribeRegionsCommand,
  paginateDescribeInstanceTypes,
  type EC2Client,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import type { CloudMetadata } from '@cloudhero/domain';

/** AWS's categories by the letters that a type's name begins with. */
const CATEGORIES: readonly (readonly [RegExp, string])[] = [
  [/^hpc/, 'High Performance Computing'],
  [/^(p|g|inf|trn|f|vt|dl)\d/, 'Accelerated Computing'],
  [/^(t|m|mac|a)\d/, 'General Purpose'],
  [/^c\d/, 'Compute Optimized'],
  [/^(r|x|z|u|u-)/, 'Memory Optimized'],
  [/^(i|im|is|d|h)\d/, 'Storage Optimized'],
];

/** Regions that the account may use, and the sizes of `client`'s region. */
export async function readMetadata(client: EC2Client): Promise<CloudMetadata> {
  const { Regions = [] } = await client.send(new DescribeRegionsCommand({}));
  const locations: CloudMetadata['locations'] = {};
  for (const { RegionName, Endpoint } of Regions) {
    if (RegionName) locations[RegionName] = { endpoint: Endpoint ?? '', name: RegionName };
  }
  const sizes: CloudMetadata['sizes'] = {};
  for await (const page of paginateDescribeInstanceTypes({ client, pageSize: 100 }, {})) {
    for (const type of page.InstanceTypes ?? []) addSize(sizes, type);
  }
  return { locations, sizes };
}

function addSize(sizes: CloudMetadata['sizes'], type: InstanceTypeInfo) {
  const id = type.InstanceType;
  if (!id) return;
  const category = CATEGORIES.find(([pattern]) => pattern.test(id))?.[1] ?? 'Other';
  (sizes[category] ??= {})[id] = {
    cores: String(type.VCpuInfo?.DefaultVCpus ?? 0),
    disk: diskText(type),
    ram: `${Number(((type.MemoryInfo?.SizeInMiB ?? 0) / 1024).toFixed(2))} GiB`,
    id,
  };
}

function diskText({ InstanceStorageInfo: storage }: InstanceTypeInfo): string {
  const disks = storage?.Disks ?? [];
  if (disks.length === 0) return 'EBS only';
  return disks
    .map(
      ({ Type, Count, SizeInGB }) => `${(Type ?? 'disk').toUpperCase()} (${Count} x ${SizeInGB})`,
    )
    .join(', ');
}
