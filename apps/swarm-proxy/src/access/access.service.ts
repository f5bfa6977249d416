import type { ClusterKey, ClusterRepository } from '@cloudhero/persistence';
import { hashToken } from '@cloudhero/secrets';
import type { IncomingHttpHeaders } from 'node:http';
import { DockerError } from '../http/docker.error';
import { ExpiringCache } from './expiring-cache';
import { readToken } from './read-token';

/** How long a key goes on working in this process after it was revoked, at most. */
const VERDICT_TTL_MS = 3000;

/** Tells who calls. Looks keys up in Postgres, remembering what it found for a few seconds. */
export class AccessService {
  private readonly verdicts: ExpiringCache<ClusterKey | null>;

  constructor(repository: Pick<ClusterRepository, 'findKey'>) {
    this.verdicts = new ExpiringCache((hash) => repository.findKey(hash), {
      ttlMs: VERDICT_TTL_MS,
      maxEntries: 10_000,
    });
  }

  /** @throws DockerError 401 without a valid key, 403 when the key may not do this. */
  async authenticate(method: string, headers: IncomingHttpHeaders): Promise<ClusterKey> {
    const token = readToken(headers);
    const key = token && (await this.verdicts.get(hashToken(token)));
    if (!key) {
      throw new DockerError(
        401,
        'a valid API key is needed, in the header Authentication-Token',
        'unauthenticated',
      );
    }
    if (key.scope === 'read' && method !== 'GET' && method !== 'HEAD') {
      throw new DockerError(403, 'this API key may only read', 'forbidden');
    }
    return key;
  }
}
