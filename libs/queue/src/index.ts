export { BullClient, NoAnswerError } from './bull-client';
export { BullServer, JobContext } from './bull-server';
export { CloudClient } from './cloud-client';
export type { QueueOptions } from './connection';
export { CLOUD_QUEUE, ORPHAN_KINDS, WAKE_QUEUES } from './contracts';
export type {
  CloudAnswer,
  CloudQuestion,
  CloudQuestions,
  Orphan,
  OrphanKey,
  OrphanList,
  OrphansDeleted,
  Wake,
  WakeKind,
} from './contracts';
export { RedisCallBudget } from './redis-call-budget';
export { Sweeper } from './sweeper';
export { Waker } from './waker';
export type { WakeTarget } from './waker';
