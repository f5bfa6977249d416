import type { Machine } from './machine';

export const SANDBOX_LABEL = 'cloudhero.sandbox';
export const MACHINE_LABEL = 'cloudhero.machine';

/** Capabilities, mounts and switches with which systemd and a nested Docker engine run. */
const HOST_CONFIG = {
  CapAdd: ['ALL'],
  // The sandbox's own host may lack it, and a container cannot be given what its host lacks.
  CapDrop: ['SYS_RESOURCE'],
  SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
  // What the CLI calls `--security-opt systempaths=unconfined`: sysctl and a nested runc need /proc.
  MaskedPaths: [],
  ReadonlyPaths: [],
  CgroupnsMode: 'host',
  Tmpfs: { '/run': 'exec', '/run/lock': '', '/tmp': 'exec,mode=1777' },
  RestartPolicy: { Name: 'no' },
};

/** The body of `POST /containers/create` for a machine. Not privileged: some hosts refuse that. */
export function containerArgs(
  sandbox: string,
  machine: Machine,
  image: string,
  privateNetwork: string,
): object {
  const labels = { [SANDBOX_LABEL]: sandbox, [MACHINE_LABEL]: machine.id };
  return {
    Image: image,
    Hostname: machine.hostname,
    Labels: labels,
    // A terminal is what makes /dev/console, and so the console output, exist.
    Tty: true,
    StopSignal: 'SIGRTMIN+3',
    HostConfig: {
      ...HOST_CONFIG,
      NetworkMode: privateNetwork,
      Binds: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'],
      Mounts: [
        {
          // overlay2 of a nested engine does not work on the container's own overlay.
          Type: 'volume',
          Source: volumeName(sandbox, machine.id),
          Target: '/var/lib/docker',
          VolumeOptions: { Labels: labels },
        },
      ],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [privateNetwork]: { IPAMConfig: { IPv4Address: machine.privateAddress } },
      },
    },
  };
}

export function containerName(sandbox: string, machineId: string): string {
  return `${sandbox}-${machineId}`;
}

export function volumeName(sandbox: string, machineId: string): string {
  return `${sandbox}-${machineId}-docker`;
}
