import type { CloudMetadata } from '@cloudhero/domain';

/**
 * Wake-ups: they carry an id and no more. Whoever is woken loads the row and decides what to do, so
 * a wake-up that is lost, late or doubled does no harm.
 */
export const WAKE_QUEUES = {
  /** provisioner: bring an environment's servers to what was asked for. */
  environment: 'environment.reconcile',
  /** provisioner: look at every server of one cloud account and region; `PROVIDER/REGION`. */
  scope: 'scope.observe',
  /** package-installer: bring one node's software to what was asked for. */
  node: 'node.install',
} as const;
export type WakeKind = keyof typeof WAKE_QUEUES;

/** A wake-up's data. */
export interface Wake {
  id: string;
}

/** Questions that only provisioner can answer, because it alone talks to clouds. */
export const CLOUD_QUEUE = 'cloud.ask';

/** What is asked and answered on `CLOUD_QUEUE`; ids go in, no secret goes in or out. */
export interface CloudQuestions {
  'provider.verify': { ask: { providerId: string }; answer: CloudAnswer<{ account: string }> };
  'provider.metadata': { ask: { providerId: string }; answer: CloudAnswer<CloudMetadata> };
  /** Looks at the environment's servers now and stores what it saw on their rows. */
  'environment.observe': { ask: { environmentId: string }; answer: CloudAnswer<null> };
  /** Looks now, in every region, for what carries our mark and has no row. */
  'provider.orphans': { ask: { providerId: string }; answer: CloudAnswer<OrphanList> };
  /**
   * Deletes one orphan, or all that there are now, each after a look that it is one still. One that
   * is named and is no orphan is in neither list of the answer; a refusal is about the whole question.
   */
  'provider.orphans.delete': {
    ask: { providerId: string; orphan?: OrphanKey };
    answer: CloudAnswer<OrphansDeleted>;
  };
}
export type CloudQuestion = keyof CloudQuestions;

/** An answer, or a failure with a stable code (`ErrorCode` of the domain). */
export type CloudAnswer<T> =
  { ok: true; value: T } | { ok: false; code: string; message: string; temporary: boolean };

export const ORPHAN_KINDS = ['server', 'firewall', 'ssh_key', 'volume', 'tag'] as const;

/** What tells one thing at a cloud account from all others. */
export interface OrphanKey {
  region: string;
  kind: (typeof ORPHAN_KINDS)[number];
  /** The cloud's own. */
  id: string;
}

/** Something at a cloud that carries this installation's mark, and that no row knows. */
export interface Orphan extends OrphanKey {
  name: string;
  /** The environment that it was made for, by its mark. */
  environmentId: string | null;
  /** ISO 8601; null where the cloud does not tell. */
  createdAt: string | null;
}

export interface OrphanList {
  orphans: Orphan[];
  /** How many regions were asked. */
  regions: number;
  /** Regions that could not be asked; what is there is not in the list. */
  unreachable: string[];
}

export interface OrphansDeleted {
  deleted: Orphan[];
  /** Those that are still there, and why. */
  kept: (Orphan & { code: string; message: string })[];
  unreachable: string[];
}
