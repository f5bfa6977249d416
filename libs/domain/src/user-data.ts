import { NODE_USER } from './environment-keys';

export interface UserDataKeys {
  /** Who may log in: `ssh-ed25519 AAAA… COMMENT`. */
  sshPublicKey: string;
  /** OpenSSH PEM, ed25519. */
  hostPrivateKey: string;
  hostPublicKey: string;
}

/**
 * The cloud-config that a node boots with: our user, and a host key that we know, so that even the
 * first connection can be verified. Under 2 KB; clouds take 16 KB. Strings are JSON, which YAML is
 * a superset of.
 */
export function userData({ sshPublicKey, hostPrivateKey, hostPublicKey }: UserDataKeys): string {
  const lines = hostPrivateKey.trim().split('\n');
  return `#cloud-config
users:
  - name: ${NODE_USER}
    gecos: CloudHero
    lock_passwd: true
    shell: /bin/bash
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    ssh_authorized_keys:
      - ${JSON.stringify(sshPublicKey.trim())}
disable_root: true
ssh_pwauth: false
ssh_deletekeys: true
ssh_keys:
  ed25519_private: |
${lines.map((line) => `    ${line}`).join('\n')}
  ed25519_public: ${JSON.stringify(hostPublicKey.trim())}
ssh:
  emit_keys_on_console: false
no_ssh_fingerprints: true
`;
}
