export { Database } from './database';
export type { Connection, DatabaseOptions } from './database';
export { EnvironmentRepository } from './environment.repository';
export type {
  EnvironmentPatch,
  EnvironmentRow,
  EnvironmentWork,
  LaunchRow,
  ProviderRow,
  Scope,
} from './environment.repository';
export { EventFeed } from './event-feed';
export { LaunchRepository } from './launch.repository';
export { migrate } from './migrate';
export { NodeRepository } from './node.repository';
export type { NodeChange, NodeEventInput, NodePatch, NodeRow } from './node.repository';
export { ProviderRepository } from './provider.repository';
