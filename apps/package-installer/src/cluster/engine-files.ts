import { NODE_USER } from '@cloudhero/domain';
import type { KeyPair } from '@cloudhero/docker';
import type { RemoteFile } from '../ssh/shell';

/** Where a node's engine has its certificates. */
export const ENGINE_TLS_DIR = '/etc/docker/tls';

/** The files by which an engine is known, and knows its clients. */
export function engineTlsFiles(caCertificate: string, server: KeyPair): RemoteFile[] {
  return [
    { path: `${ENGINE_TLS_DIR}/ca.pem`, content: caCertificate },
    { path: `${ENGINE_TLS_DIR}/cert.pem`, content: server.certificate },
    { path: `${ENGINE_TLS_DIR}/key.pem`, content: server.privateKey, mode: '600' },
  ];
}

export interface RegistryLogin {
  url: string;
  username: string;
  password: string;
}

/** Docker Hub's address as Docker's own clients write it down. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
const HUB_HOSTS = /^((www|hub|index|registry|registry-1)\.)?docker\.(io|com)$/;

/** Logins to registries as Docker's clients read them, for root and for our user. */
export function registryLoginFiles(logins: readonly RegistryLogin[]): RemoteFile[] {
  if (logins.length === 0) return [];
  const auths = Object.fromEntries(
    logins.map(({ url, username, password }) => [
      registryKey(url),
      { auth: Buffer.from(`${username}:${password}`).toString('base64') },
    ]),
  );
  const content = `${JSON.stringify({ auths }, null, 2)}\n`;
  return ['root', NODE_USER].map((owner) => ({
    path: `${owner === 'root' ? '/root' : `/home/${owner}`}/.docker/config.json`,
    content,
    mode: '600',
    owner,
  }));
}

/** What a login to the registry at `url` is filed under: its host and port, but for Docker Hub. */
export function registryKey(url: string): string {
  const host = url
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  return HUB_HOSTS.test(host) ? DOCKER_HUB : host;
}
