import type { Region } from './regions';

/** Where a resource lives; nothing is seen across accounts or regions. */
export interface Scope {
  account: string;
  region: Region;
}

/** What EC2 knows of an instance beyond its machine; both have the same id. */
export interface InstanceRecord extends Scope {
  instanceId: string;
  reservationId: string;
  /** Zero-padded, in the order of launches; pages follow it. */
  order: string;
  launchIndex: number;
  imageId: string;
  instanceType: string;
  zone: string;
  /** Of its root volume, which may be gone. */
  volumeId?: string;
  subnetId: string;
  subnetCidr: string;
  vpcId: string;
  keyName?: string;
  groupIds: string[];
  clientToken?: string;
  tags: Record<string, string>;
  metadataOptions: { tokens: string; hopLimit: number; endpoint: string };
  /** Milliseconds since 1970; Describe calls and terminations do not know it before. */
  visibleAt: number;
  /** As in StateReason. */
  reasonCode?: string;
  reasonMessage?: string;
  /** As StateTransitionReason. */
  transition?: string;
}

/** A root volume; `in-use` until its instance is terminated. */
export interface VolumeRecord extends Scope {
  volumeId: string;
  instanceId: string;
  zone: string;
  createdAt: number;
  deleteOnTermination: boolean;
  tags: Record<string, string>;
}

/** What a ClientToken did; the same token answers with the same reservation for a day. */
export interface TokenRecord {
  /** Of the parameters that came with it. */
  digest: string;
  reservationId: string;
  instanceIds: string[];
  createdAt: number;
}

export interface KeyPairRecord extends Scope {
  keyPairId: string;
  keyName: string;
  fingerprint: string;
  keyType: 'rsa' | 'ed25519';
  publicKey: string;
  createdAt: number;
  tags: Record<string, string>;
}

export interface Permission {
  protocol: string;
  fromPort?: number;
  toPort?: number;
  /** Exactly one of the three. */
  cidr?: string;
  cidr6?: string;
  groupId?: string;
  description?: string;
}

export interface RuleRecord extends Permission {
  ruleId: string;
  egress: boolean;
}

export interface SecurityGroupRecord extends Scope {
  groupId: string;
  groupName: string;
  description: string;
  vpcId: string;
  rules: RuleRecord[];
  tags: Record<string, string>;
}

export interface AccountRecord {
  accessKey: string;
  secretKey: string;
  /** Twelve digits. */
  account: string;
  status: 'active' | 'revoked' | 'forbidden';
}
