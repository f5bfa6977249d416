import type { OwnedResource } from '@cloudhero/cloud';
import type { CloudScopeRepository } from '@cloudhero/persistence';

/**
 * Which of the things that carry this installation's mark are nobody's: servers that no node has and
 * no open launch may still claim, and whatever else was made for an environment that is gone. They
 * must have been listed before this is called: the rows are read after it.
 */
export async function findOrphans(
  owned: readonly OwnedResource[],
  scopes: Pick<CloudScopeRepository, 'known'>,
): Promise<OwnedResource[]> {
  const servers = owned.filter(({ kind }) => kind === 'server');
  const known = await scopes.known(
    defined(owned.map(({ environmentId }) => environmentId)),
    servers.map(({ id }) => id),
    defined(servers.map(({ launchId }) => launchId)),
  );
  return owned.filter(({ kind, id, environmentId, launchId }) => {
    if (kind !== 'server') return !known.environments.has(environmentId ?? '');
    return !known.servers.has(id) && !known.launches.has(launchId ?? '');
  });
}

function defined(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}
