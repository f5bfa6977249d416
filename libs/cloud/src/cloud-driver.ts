import type { CloudMetadata, ObservedServer, ServerState } from '@cloudhero/domain';

/** Whose account, where it is, and the marks that everything made there carries. */
export interface CloudAccount {
  /** Id of the provider's row; one client is kept for each. */
  providerId: string;
  type: 'ec2' | 'digital_ocean';
  /** A private cloud that speaks the same API; the public cloud when left out. */
  endpoint?: string | undefined;
  credentials: Record<string, string>;
  installationId: string;
}

/** What an environment needs at a cloud besides servers. */
export interface EnvironmentSpec {
  environmentId: string;
  region: string;
  /** The name that people see on it. */
  name: string;
  /** `ssh-ed25519 AAAA…` */
  sshPublicKey: string;
  /** Networks that may reach the nodes over SSH, in CIDR notation. */
  sshFrom: readonly string[];
  /** Ports open to everybody: `[from, to]`, TCP. */
  openPorts: readonly (readonly [number, number])[];
}

/** What a cloud made for an environment, by the driver's own names. */
export type CloudResources = Record<string, string>;

/** One call that makes servers. */
export interface LaunchBatch {
  /** The idempotency token, and the tag by which its servers are found: an id of ours. */
  launchId: string;
  environmentId: string;
  region: string;
  resources: CloudResources;
  /** Shown at the cloud, for all servers of the batch. */
  name: string;
  size: string;
  image: string;
  zone: string | null;
  count: number;
  /** cloud-init user data, before base64. */
  userData: string;
}

/** What a stop, start or terminate did to one server. */
export interface StateChange {
  id: string;
  previous: ServerState;
  current: ServerState;
}

/**
 * A cloud, as far as provisioner needs one. Every call may be repeated: it looks before it acts, or
 * the cloud itself makes the repeat harmless. Errors are `CloudHeroError`s with a stable code.
 */
export interface CloudDriver {
  /** @throws credentials_refused, permission_denied. */
  verifyCredentials(): Promise<{ account: string }>;
  metadata(): Promise<CloudMetadata>;
  /** The newest image that we support for a size. @throws image_not_found. */
  findImage(region: string, size: string): Promise<string>;
  /** Makes, or finds again, what the environment's servers need. */
  prepare(spec: EnvironmentSpec): Promise<CloudResources>;
  /**
   * Makes the batch's servers, or answers those that an earlier call with the same launchId made.
   * All or none. A definite refusal (quota_exceeded, capacity_unavailable, invalid_request,
   * image_not_found) means that there are none; after any other error the outcome is unknown and
   * the same call has to be made again.
   */
  launch(batch: LaunchBatch): Promise<ObservedServer[]>;
  /** Every server of this installation in a region, or of one environment; may lag behind. */
  observe(region: string, environmentId?: string): Promise<ObservedServer[]>;
  /** Servers by id, asked for directly; those that the cloud does not know are left out. */
  find(region: string, serverIds: readonly string[]): Promise<ObservedServer[]>;
  /** Servers that the cloud does not know (any more, or yet) are left out of the answers. */
  stop(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  start(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  terminate(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  /** Shows a name at the cloud. Costs one call a server. */
  rename(region: string, serverId: string, name: string): Promise<void>;
  /** Deletes all that `prepare` made. @throws conflict while servers still use it. */
  cleanup(region: string, environmentId: string): Promise<void>;
  /** Frees sockets. */
  close(): void;
}
