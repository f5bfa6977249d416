/** Parts of the Engine API's answers that we read; the engines send more. */

export interface EngineVersion {
  Version: string;
  /** `1.41` */
  ApiVersion: string;
  MinAPIVersion?: string;
  Os: string;
  Arch: string;
  KernelVersion?: string;
  [more: string]: unknown;
}

export type LocalNodeState = 'inactive' | 'pending' | 'active' | 'error' | 'locked';

export interface EngineSwarmInfo {
  NodeID: string;
  NodeAddr: string;
  LocalNodeState: LocalNodeState;
  ControlAvailable: boolean;
  Error: string;
  RemoteManagers: { NodeID: string; Addr: string }[] | null;
  Nodes?: number;
  Managers?: number;
  Cluster?: { ID: string; [more: string]: unknown };
}

export interface EngineInfo {
  ID: string;
  Name: string;
  Containers: number;
  ContainersRunning: number;
  ContainersPaused: number;
  ContainersStopped: number;
  Images: number;
  NCPU: number;
  /** Bytes. */
  MemTotal: number;
  ServerVersion: string;
  OperatingSystem: string;
  KernelVersion: string;
  Driver: string;
  DefaultRuntime: string;
  Labels: string[] | null;
  Swarm: EngineSwarmInfo;
  Warnings: string[] | null;
  [more: string]: unknown;
}

export interface SwarmInspect {
  ID: string;
  Version: { Index: number };
  JoinTokens: { Manager: string; Worker: string };
  [more: string]: unknown;
}

export interface SwarmInitOptions {
  /** What the other nodes reach this one by, `IP` or `IP:PORT`. */
  advertiseAddr: string;
  /** Default `0.0.0.0:2377`. */
  listenAddr?: string;
  dataPathAddr?: string;
  forceNewCluster?: boolean;
  /** CIDR blocks for overlay networks. */
  defaultAddrPool?: string[];
  subnetSize?: number;
}

export interface SwarmJoinOptions {
  advertiseAddr: string;
  /** Default `0.0.0.0:2377`. */
  listenAddr?: string;
  dataPathAddr?: string;
  /** Managers, `IP:2377`. */
  remoteAddrs: string[];
  joinToken: string;
}

export interface SwarmNodeSpec {
  Name?: string;
  Role: 'manager' | 'worker';
  Availability: 'active' | 'pause' | 'drain';
  Labels?: Record<string, string>;
}

export interface SwarmNode {
  ID: string;
  Version: { Index: number };
  Spec: SwarmNodeSpec;
  Description: { Hostname: string; [more: string]: unknown };
  Status: { State: 'unknown' | 'down' | 'ready' | 'disconnected'; Message?: string; Addr: string };
  /** Managers only. */
  ManagerStatus?: {
    Leader?: boolean;
    Reachability: 'unknown' | 'unreachable' | 'reachable';
    Addr: string;
  };
}
