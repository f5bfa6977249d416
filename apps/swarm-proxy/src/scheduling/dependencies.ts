/** The parts of a request to create a container that tie it to what exists. */
export interface CreateRequest {
  Image?: string;
  HostConfig?: {
    NetworkMode?: string;
    IpcMode?: string;
    PidMode?: string;
    VolumesFrom?: string[] | null;
    Links?: string[] | null;
    Binds?: string[] | null;
    Mounts?: { Type?: string; Source?: string }[] | null;
  } | null;
  NetworkingConfig?: { EndpointsConfig?: Record<string, unknown> | null } | null;
  [more: string]: unknown;
}

export interface Dependencies {
  /** Containers that it has to be beside, as the client names them. */
  containers: string[];
  /** Named volumes; one that exists decides the node. */
  volumes: string[];
  /** Networks of the user's own; one that is local to a node decides it. */
  networks: string[];
}

const EVERYWHERE = new Set(['', 'default', 'bridge', 'host', 'none', 'nat']);

/** What a new container depends on. Pure. */
export function dependenciesOf({ HostConfig, NetworkingConfig }: CreateRequest): Dependencies {
  const host = HostConfig ?? {};
  const shared = [host.NetworkMode, host.IpcMode, host.PidMode].flatMap(
    (mode) => /^container:(.+)$/.exec(mode ?? '')?.[1] ?? [],
  );
  const from = (host.VolumesFrom ?? []).map((value) => value.replace(/:(ro|rw|z|Z|,)+$/, ''));
  const linked = (host.Links ?? []).map((value) => value.split(':')[0] ?? '');
  const bound = (host.Binds ?? []).map((value) => value.split(':')[0] ?? '');
  const mounted = (host.Mounts ?? []).flatMap(({ Type, Source }) =>
    Type === 'volume' && Source ? [Source] : [],
  );
  const networks = [
    host.NetworkMode?.startsWith('container:') ? '' : (host.NetworkMode ?? ''),
    ...Object.keys(NetworkingConfig?.EndpointsConfig ?? {}),
  ];
  return {
    containers: unique([...shared, ...from, ...linked].filter(Boolean)),
    volumes: unique([...bound, ...mounted].filter((name) => name && !/^[/.~]/.test(name))),
    networks: unique(networks.filter((name) => !EVERYWHERE.has(name))),
  };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
