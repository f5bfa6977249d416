import type { ObservedServer } from '@cloudhero/domain';
import type { Scope } from '@cloudhero/persistence';

/** Rows are held against the cloud this often at least, for what is only a matter of time. */
const AT_LEAST_EVERY_MS = 5 * 60_000;

interface Compared {
  servers: readonly ObservedServer[];
  at: number;
}

/**
 * Remembers what each scope showed when its rows were last held against it and all was alike. Drivers
 * give the same objects for what has not changed, so that telling costs next to nothing, however many
 * servers there are.
 */
export class UnchangedLooks {
  private readonly compared = new Map<string, Compared>();

  /** Whether rows that agreed with the last look agree with this one. `now` in milliseconds. */
  covers(scope: Scope, servers: readonly ObservedServer[], now: number): boolean {
    const last = this.compared.get(keyOf(scope));
    if (!last || now - last.at > AT_LEAST_EVERY_MS) return false;
    return (
      last.servers.length === servers.length &&
      last.servers.every((server, index) => server === servers[index])
    );
  }

  agreed(scope: Scope, servers: readonly ObservedServer[], now: number): void {
    this.compared.set(keyOf(scope), { servers, at: now });
  }

  differed(scope: Scope): void {
    this.compared.delete(keyOf(scope));
  }
}

const keyOf = ({ providerId, region }: Scope) => `${providerId}/${region}`;
