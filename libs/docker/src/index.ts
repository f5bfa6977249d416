export { EngineClient } from './engine-client';
export type { EngineConnectOptions, EngineOptions, EngineRequest } from './engine-client';
export type {
  EngineInfo,
  EngineSwarmInfo,
  EngineVersion,
  LocalNodeState,
  SwarmInitOptions,
  SwarmInspect,
  SwarmJoinOptions,
  SwarmNode,
  SwarmNodeSpec,
} from './engine-types';
export { EngineError, EngineUnreachableError } from './engine.error';
export { certificateExpiresAt, createCa, issueCertificate } from './pki';
export type { CertificateRequest, KeyPair } from './pki';
