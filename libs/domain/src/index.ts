export { backoffMs } from './backoff';
export { UNLIMITED } from './call-budget';
export type { CallBudget, CallPriority, RateBucket } from './call-budget';
export type { CloudMetadata } from './cloud-metadata';
export { clusterRole } from './cluster-plan';
export type { ClusterRole } from './cluster-plan';
export { decideInstall } from './decide-install';
export type { InstallDecision, InstallFacts } from './decide-install';
export { decideRefusal } from './decide-launch';
export type { RefusalDecision, RefusalFacts } from './decide-launch';
export { decideNode } from './decide-node';
export type { NodeDecision, NodeFacts } from './decide-node';
export { ENGINE_PORT, NODE_USER } from './environment-keys';
export type { EnvironmentKeys, JoinTokens } from './environment-keys';
export { environmentPhase } from './environment-phase';
export type { EnvironmentPhase } from './environment-phase';
export {
  asCloudHeroError,
  CHECKED_CODES,
  CloudHeroError,
  DRIFT_CODES,
  ERROR_CODES,
} from './errors';
export type { ErrorCode } from './errors';
export { idTime, isId, newId } from './ids';
export { providerKey, serverName, snakeCase } from './names';
export { canMove, INSTALLER_PHASES, isInstallerPhase } from './node-phase';
export type { Desired, NodePhase } from './node-phase';
export { conflictingPackages, PACKAGE_CATALOGUE, resolvePackage } from './packages';
export type { CataloguePackage } from './packages';
export { SERVER_STATE_CODES } from './server-state';
export type { ObservedServer, ServerState } from './server-state';
export { userData } from './user-data';
export type { UserDataKeys } from './user-data';
