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

/** Servers that are alike and are made together. The same launchId always comes with the same batch. */
export interface LaunchBatch {
  /** The idempotency token, and the tag by which its servers are found: an id of ours. */
  launchId: string;
  environmentId: string;
  region: string;
  resources: CloudResources;
  /** Shown at a cloud that gives all servers of a batch one name. */
  name: string;
  /** One for each server that is wanted, all different; shown at a cloud that names them one by one. */
  names: readonly string[];
  size: string;
  image: string;
  zone: string | null;
  /** cloud-init user data, before base64. */
  userData: string;
}

/** One attempt to carry a launch out. */
export interface LaunchAttempt {
  /** Nobody has ever sent anything for this launch; a refusal then says that nothing was made. */
  first: boolean;
  /**
   * Aborted when it is too late to send anything that makes a server: from then on another worker
   * may conclude from what the cloud says that nothing was made, or make what is missing.
   */
  signal: AbortSignal;
}

/** What a stop, start or terminate did to one server. */
export interface StateChange {
  id: string;
  previous: ServerState;
  current: ServerState;
}

/** Something at a cloud that carries this installation's mark. */
export interface OwnedResource {
  kind: 'server' | 'firewall' | 'ssh_key' | 'volume' | 'tag';
  /** The cloud's own; with `kind` and region it names the resource. */
  id: string;
  name: string;
  environmentId?: string;
  launchId?: string;
  createdAt?: Date;
}

/**
 * A cloud, as far as provisioner needs one. Every call may be repeated: it looks before it acts, or
 * the cloud itself makes the repeat harmless. Errors are `CloudHeroError`s with a stable code.
 * `test/conformance` holds what every driver must do.
 */
export interface CloudDriver {
  /**
   * After an attempt to launch whose outcome is unknown, how long until it is certain that nothing
   * more comes of it, in milliseconds. 0: the cloud knows a repeat by its launchId.
   */
  readonly launchSettlesMs: number;
  /** @throws credentials_refused, permission_denied. */
  verifyCredentials(): Promise<{ account: string }>;
  metadata(): Promise<CloudMetadata>;
  /** The newest image that we support for a size. @throws image_not_found, invalid_request when the region does not have the size. */
  findImage(region: string, size: string): Promise<string>;
  /** Zones of a region in which the size is offered, to be tried one after the other; none where the cloud has no zones. */
  zones(region: string, size: string): Promise<string[]>;
  /** Makes, or finds again, what the environment's servers need. */
  prepare(spec: EnvironmentSpec): Promise<CloudResources>;
  /**
   * Makes the batch's servers, or answers those that an earlier attempt with the same launchId made.
   * A definite refusal (quota_exceeded, capacity_unavailable, invalid_request, image_not_found) means
   * that there are none: a part that was made is deleted first. After any other error the outcome is
   * unknown and another attempt has to be made. A server whose name is one of the batch's is for that
   * name; the others are alike.
   */
  launch(batch: LaunchBatch, attempt: LaunchAttempt): Promise<ObservedServer[]>;
  /** Every server of this installation in a region, or of some environments in it; may lag behind. */
  observe(region: string, environmentIds?: readonly string[]): Promise<ObservedServer[]>;
  /** Servers by id, asked for directly; those that the cloud does not know are left out. */
  find(region: string, serverIds: readonly string[]): Promise<ObservedServer[]>;
  /** Servers that the cloud does not know (any more, or yet) are left out of the answers. */
  stop(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  start(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  terminate(region: string, serverIds: readonly string[]): Promise<StateChange[]>;
  /** Shows a name at the cloud. Costs one call a server. */
  rename(region: string, serverId: string, name: string): Promise<void>;
  /** Deletes all that is the environment's besides its servers. @throws conflict while servers still use it. */
  cleanup(region: string, environmentId: string): Promise<void>;
  /** Everything in a region that carries this installation's mark, servers that are gone aside. */
  listOwned(region: string): Promise<OwnedResource[]>;
  /** Deletes one such thing; one that is not there is deleted. @throws conflict while something uses it. */
  deleteOwned(region: string, resource: OwnedResource): Promise<void>;
  /** Frees sockets. */
  close(): void;
}
