export { ConfigError, loadConfig } from './load-config';
export {
  apiGatewaySchema,
  cloudSandboxSchema,
  packageInstallerSchema,
  provisionerSchema,
  swarmProxySchema,
} from './schemas';
export type {
  ApiGatewayConfig,
  CloudSandboxConfig,
  PackageInstallerConfig,
  ProvisionerConfig,
  SwarmProxyConfig,
} from './schemas';
