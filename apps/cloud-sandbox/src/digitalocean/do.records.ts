/** Whose token it is, as one token is one account here. */
export interface DoAccountRecord {
  token: string;
  /** A UUID; every record of the account carries it. */
  account: string;
  status: 'active' | 'revoked' | 'forbidden';
}

/** What DigitalOcean knows of a droplet beyond its machine. */
export interface DropletRecord {
  id: number;
  account: string;
  name: string;
  region: string;
  size: string;
  imageId: number;
  vpcUuid: string;
  /** As asked for at the creation and changed since; shown from `tagsAt` on. */
  tags: string[];
  /** Milliseconds since 1970, as every time here. */
  tagsAt: number;
  /** No call knows the droplet before. */
  visibleAt: number;
  createdAt: number;
  /** Set when it was deleted or never came to be: from then on every call answers 404. */
  goneAt?: number;
}

export type ActionType =
  'create' | 'power_on' | 'power_off' | 'shutdown' | 'power_cycle' | 'reboot' | 'rename';

export interface ActionRecord {
  id: number;
  account: string;
  dropletId: number;
  region: string;
  type: ActionType;
  status: 'in-progress' | 'completed' | 'errored';
  startedAt: number;
  completedAt?: number;
  /** A power cycle's second half: the droplet is off and on its way up again. */
  isRising?: boolean;
  /** It ends at this time without having done anything: by itself, or with an error. */
  endsAt?: number;
  endsWith?: 'completed' | 'errored';
}

export interface DoKeyRecord {
  id: number;
  account: string;
  name: string;
  publicKey: string;
  fingerprint: string;
}

export interface DoTagRecord {
  account: string;
  name: string;
}

export interface FirewallTarget {
  addresses?: string[];
  droplet_ids?: number[];
  load_balancer_uids?: string[];
  kubernetes_ids?: string[];
  tags?: string[];
}

export interface FirewallRule {
  protocol: 'tcp' | 'udp' | 'icmp';
  ports: string;
  /** Sources of an inbound rule, destinations of an outbound one. */
  target: FirewallTarget;
}

export interface FirewallRecord {
  id: string;
  account: string;
  name: string;
  createdAt: number;
  inbound: FirewallRule[];
  outbound: FirewallRule[];
  dropletIds: number[];
  tags: string[];
  /** Droplets whose rules are being changed until `settlesAt`. */
  pending: { droplet_id: number; removing: boolean }[];
  settlesAt: number;
  /** The change does not succeed. */
  fails?: boolean;
}
