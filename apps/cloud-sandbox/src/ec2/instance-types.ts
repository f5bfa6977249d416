export interface InstanceType {
  name: string;
  vcpus: number;
  cores: number;
  memoryMiB: number;
  clockGhz: number;
  burstable: boolean;
  current: boolean;
  network: string;
}

type Row = [name: string, vcpus: number, cores: number, memoryMiB: number, clockGhz: number];

/** @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ */
const ROWS: Row[] = [
  ['t2.micro', 1, 1, 1024, 2.5],
  ['t2.small', 1, 1, 2048, 2.5],
  ['t2.medium', 2, 2, 4096, 2.3],
  ['t3.micro', 2, 1, 1024, 2.5],
  ['t3.small', 2, 1, 2048, 2.5],
  ['t3.medium', 2, 1, 4096, 2.5],
  ['t3.large', 2, 1, 8192, 2.5],
  ['m5.large', 2, 1, 8192, 3.1],
  ['m5.xlarge', 4, 2, 16384, 3.1],
  ['c5.large', 2, 1, 4096, 3.4],
  ['r5.large', 2, 1, 16384, 3.1],
];

const NETWORK: Record<string, string> = { t2: 'Low to Moderate', t3: 'Up to 5 Gigabit' };

export const INSTANCE_TYPES: readonly InstanceType[] = ROWS.map(
  ([name, vcpus, cores, memoryMiB, clockGhz]) => ({
    name,
    vcpus,
    cores,
    memoryMiB,
    clockGhz,
    burstable: name.startsWith('t'),
    current: !name.startsWith('t2.'),
    network: NETWORK[name.slice(0, 2)] ?? 'Up to 10 Gigabit',
  }),
);

/** Whether a zone has a type: the newest zone of each region never got the old generation. */
export function isOffered(type: InstanceType, zone: string): boolean {
  return type.current || !zone.endsWith('c');
}

export function instanceType(name: string): InstanceType | undefined {
  return INSTANCE_TYPES.find((type) => type.name === name);
}
