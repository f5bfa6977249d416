export { CheckupRepository } from './checkup.repository';
export { ClusterRepository } from './cluster.repository';
export type { ClusterKey, ClusterNode, ClusterRecord, ClusterRegistry } from './cluster.repository';
export { CloudScopeRepository } from './cloud-scope.repository';
export type { DifferingNode } from './cloud-scope.repository';
export { Database } from './database';
export type { DatabaseOptions } from './database';
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
export { IntegrationCredentialsRepository } from './integration-credentials.repository';
export type { IntegrationCredentials } from './integration-credentials.repository';
export { LaunchRepository } from './launch.repository';
export type { LaunchPlace } from './launch.repository';
export { NodeRepository } from './node.repository';
export type { NodeChange, NodeEventInput, NodePatch, NodeRow, SaveGuard } from './node.repository';
export { ProviderRepository } from './provider.repository';
export { AccountRepository, REFRESHED_KEY_NAME } from './account.repository';
export type { NewTokens, UserRow } from './account.repository';
export { ApiKeyRepository } from './api-key.repository';
export type { ApiKeyRow, ApiKeyScope, KeyOwner } from './api-key.repository';
export { ApplicationRepository } from './application.repository';
export type { ApplicationRow } from './application.repository';
export { AuditRepository } from './audit.repository';
export type { AuditRecord } from './audit.repository';
export { isDatabaseUnavailable } from './database-errors';
export { EnvironmentIntentRepository } from './environment-intent.repository';
export type { IntentChange, IntentFacts, NewNode } from './environment-intent.repository';
export { IdempotencyRepository } from './idempotency.repository';
export type {
  IdempotencyClaim,
  IdempotencyId,
  StoredAnswer,
  StoredProgress,
} from './idempotency.repository';
export { IntegrationRepository } from './integration.repository';
export type { IntegrationRow } from './integration.repository';
export type { Page, PageRequest } from './page';
export { TenantEnvironmentRepository } from './tenant-environment.repository';
export type { EventRow, OutputRow, TenantEnvironment } from './tenant-environment.repository';
export { TenantProviderRepository } from './tenant-provider.repository';
export type { TransactionStep } from './transaction-step';
