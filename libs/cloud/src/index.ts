export type {
  CloudAccount,
  CloudDriver,
  CloudResources,
  EnvironmentSpec,
  LaunchAttempt,
  LaunchBatch,
  OwnedResource,
  StateChange,
} from './cloud-driver';
export { CloudDrivers } from './drivers';
