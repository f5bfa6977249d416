import type { EngineInfo } from '@cloudhero/docker';

export interface NodeInfo {
  name: string;
  address: string;
  info: EngineInfo;
}

const SUMS = [
  'Containers',
  'ContainersRunning',
  'ContainersPaused',
  'ContainersStopped',
  'Images',
  'NCPU',
  'MemTotal',
] as const;

/**
 * `docker info` of a cluster: sums, a section a node (as classic Swarm had it in SystemStatus; the
 * CLI of today still prints it), and the swarm as a manager sees it. Pure.
 */
export function mergeInfo(
  environment: { id: string; name: string },
  nodes: readonly NodeInfo[],
  down: readonly string[],
): Record<string, unknown> {
  const infos = nodes.map(({ info }) => info);
  const manager = infos.find(({ Swarm }) => Swarm.ControlAvailable) ?? infos[0];
  const status = describe(nodes, down);
  return {
    ...manager,
    ...Object.fromEntries(
      SUMS.map((key) => [key, infos.reduce((sum, info) => sum + info[key], 0)]),
    ),
    ID: environment.id,
    Name: environment.name,
    DriverStatus: [],
    SystemStatus: status,
    Labels: [],
    Warnings: [
      ...down.map((name) => `WARNING: the node ${name} cannot be reached`),
      ...new Set(infos.flatMap(({ Warnings }) => Warnings ?? [])),
    ],
  };
}

function describe(nodes: readonly NodeInfo[], down: readonly string[]): [string, string][] {
  return [
    ['Nodes', String(nodes.length + down.length)],
    ...nodes.flatMap(({ name, address, info }): [string, string][] => [
      [name, address],
      [' Status', 'Healthy'],
      [' Containers', `${info.Containers} (${info.ContainersRunning} running)`],
      [' CPUs', String(info.NCPU)],
      [' Memory', `${(info.MemTotal / 2 ** 30).toFixed(2)} GiB`],
      [' Engine', info.ServerVersion],
    ]),
    ...down.flatMap((name): [string, string][] => [
      [name, ''],
      [' Status', 'Unreachable'],
    ]),
  ];
}

/** Whichever is older; `1.41` is newer than `1.9`. */
export function olderApi(one: string, other: string): string {
  return one.localeCompare(other, 'en', { numeric: true }) <= 0 ? one : other;
}
