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
}
export type CloudQuestion = keyof CloudQuestions;

/** An answer, or a failure with a stable code (`ErrorCode` of the domain). */
export type CloudAnswer<T> =
  { ok: true; value: T } | { ok: false; code: string; message: string; temporary: boolean };
