/** Where a request to the proxy is meant to go. */
export interface Target {
  environmentId: string;
  /** `/v1.41`, or empty. */
  version: string;
  /** Decoded, without version and query: for matching. */
  path: string;
  /** As it came, without version and query: for forwarding. */
  rawPath: string;
  /** With its `?`, or empty. */
  query: string;
}

const SHAPE = /^\/swarm\/([^/?]+)((?:\/[^?]*)?)(\?.*)?$/;
const VERSION = /^\/v[0-9][0-9.]*(?=\/)/;

/**
 * Takes `/swarm/ENVIRONMENT/v1.41/containers/json?all=1` apart.
 * @returns null when it is not of that form; `bad` when the path must not reach an engine: what we
 * match has to be what the engine sees, so nothing in it may be resolved once more (`..`, `//`).
 */
export function parseTarget(url: string): Target | 'bad' | null {
  const found = SHAPE.exec(url);
  if (!found) return null;
  const [, environmentId = '', rest = '', query = ''] = found;
  const version = VERSION.exec(rest)?.[0] ?? '';
  const rawPath = rest.slice(version.length) || '/';
  const path = decode(rawPath);
  if (path === null) return 'bad';
  return { environmentId, version, path, rawPath, query };
}

function decode(rawPath: string): string | null {
  let path: string;
  try {
    path = rawPath.includes('%') ? decodeURIComponent(rawPath) : rawPath;
  } catch {
    return null;
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return null;
  const segments = path.split('/').slice(1);
  const odd = (segment: string, index: number) =>
    segment === '.' || segment === '..' || (segment === '' && index < segments.length - 1);
  return segments.some(odd) ? null : path;
}
