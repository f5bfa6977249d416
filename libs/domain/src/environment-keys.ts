/** Port of a node's Docker engine, mutual TLS (the reference's number). */
export const ENGINE_PORT = 4000;

/** The user that we are on a node; both Debian's and Ubuntu's images let cloud-init make it. */
export const NODE_USER = 'cloudhero';

/**
 * The secrets of one environment, sealed as a whole in `Environment.sealedKeys`. Made once, before
 * the first launch. Keys are PEM (OpenSSH's form for SSH).
 */
export interface EnvironmentKeys {
  /** Ours, to log in to the nodes. */
  sshPrivateKey: string;
  /**
   * The host key that user data gives to every node of the environment, so that even the first
   * connection is verified; package-installer replaces it by one of the node's own at once.
   */
  hostPrivateKey: string;
  /** The certificate authority of the environment's Docker engines and their clients. */
  ca: { certificate: string; privateKey: string };
}

/** Tokens to join an environment's Docker cluster, sealed in `Environment.sealedJoinTokens`. */
export interface JoinTokens {
  manager: string;
  worker: string;
}
