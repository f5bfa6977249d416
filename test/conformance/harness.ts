import type { CloudAccount, OwnedResource } from '@cloudhero/cloud';

/** Calls whose replies can be lost, in words of no cloud in particular. */
export type NamedCall =
  'launch' | 'add key' | 'add firewall' | 'open port' | 'stop' | 'delete server';

/** What a suite makes go wrong; all of it ends with the test. */
export interface Faults {
  /** The next `count` of these calls are carried out, and their answers never come. */
  lostReplies?: { call: NamedCall; count: number };
  /** There is no room for what is launched; later, and not at once, where it is `asynchronous`. */
  exhausted?: { asynchronous?: boolean };
  /** The account may have so many servers. */
  quota?: number;
  /** The next `count` launches are refused because there were too many calls. */
  throttledLaunches?: number;
  /** Servers are not seen until so long after their launch. */
  visibilityDelayMs?: number;
  /** Servers take so much longer to come up. */
  bootDelayMs?: number;
  /** A guest does not heed a polite request to shut down. */
  shutdownIgnored?: boolean;
  /** Disks stay behind when their servers go, at clouds that have disks of their own. */
  disksStay?: boolean;
}

/** Something that is at the cloud, whoever made it. */
export interface Thing {
  kind: OwnedResource['kind'];
  id: string;
  name: string;
}

/** A cloud to run the suite against. A third driver brings one of these, and no more. */
export interface Harness {
  type: CloudAccount['type'];
  region: string;
  size: string;
  /** Kinds of things that an environment with a server consists of at this cloud. */
  kinds: readonly OwnedResource['kind'][];
  /** An id that could be a server's and is nobody's. */
  unknownServer: string;
  /** Whether a refusal for too many calls says how long to wait. */
  tellsWhenToRetry: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A new account at the cloud. */
  account(): Promise<CloudAccount>;
  setFaults(faults: Faults): Promise<void>;
  /** From now on the account's credentials are not known, or may do nothing. */
  refuse(account: CloudAccount, how: 'unknown' | 'forbidden'): Promise<void>;
  /** Everything that the account has, as the cloud itself knows it. */
  things(account: CloudAccount): Promise<Thing[]>;
  /** TCP ports that the account's firewalls open to everybody, as `80` or `8000-8100`. */
  openPorts(account: CloudAccount): Promise<string[]>;
  /** Calls that the cloud has been sent, refused ones included. */
  calls(): Promise<number>;
}
