export type {
  CloudAccount,
  CloudDriver,
  CloudResources,
  EnvironmentSpec,
  LaunchBatch,
  StateChange,
} from './cloud-driver';
export { CloudDrivers } from './drivers';
