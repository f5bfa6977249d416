import type { ClusterRegistry } from '@cloudhero/persistence';
import { sealContext, type Sealer } from '@cloudhero/secrets';

const DOCKER_HUB = 'docker.io';
const HUB_ADDRESS = 'https://index.docker.io/v1/';

/** The registry that an image's name speaks of: `docker.io` unless its first part is a host. */
export function registryOf(image: string): string {
  const first = image.split('/')[0] ?? '';
  const isHost = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? normalise(first) : DOCKER_HUB;
}

/** Whether the client sent credentials; the CLI sends `{}` in base64 when it has none. */
export function hasCredentials(header: string | string[] | undefined): boolean {
  if (typeof header !== 'string' || header === '') return false;
  try {
    const sent: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    if (typeof sent !== 'object' || sent === null) return true;
    const { username, password, auth, identitytoken, registrytoken } = sent as Record<
      string,
      unknown
    >;
    return Boolean(username || password || auth || identitytoken || registrytoken);
  } catch {
    return true; // not for us to judge
  }
}

/**
 * `X-Registry-Auth` for an image from the environment's integrations; undefined when none of them is
 * for its registry.
 */
export function registryAuth(
  image: string,
  registries: readonly ClusterRegistry[],
  sealer: Sealer,
): string | undefined {
  const wanted = registryOf(image);
  const registry = registries.find(({ url }) => normalise(url) === wanted);
  if (!registry) return undefined;
  const password = sealer.open<string>(
    registry.sealedPassword,
    sealContext.integration(registry.id),
  );
  const auth = {
    username: registry.username,
    password,
    email: registry.email,
    serveraddress: wanted === DOCKER_HUB ? HUB_ADDRESS : wanted,
  };
  return Buffer.from(JSON.stringify(auth)).toString('base64url');
}

/** `https://index.docker.io/v1/` and `registry-1.docker.io` are Docker Hub. */
function normalise(address: string): string {
  const host =
    address
      .replace(/^[a-z]+:\/\//i, '')
      .split('/')[0]
      ?.toLowerCase() ?? '';
  return /^(|hub|index|registry|registry-1|www)\.?docker\.(io|com)$/.test(host) ? DOCKER_HUB : host;
}
