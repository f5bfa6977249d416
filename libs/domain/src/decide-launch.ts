import type { ErrorCode } from './errors';

/** Refusals after which a cloud has certainly made nothing, even if the call was a repeat. */
const DEFINITE: ReadonlySet<ErrorCode> = new Set([
  'quota_exceeded',
  'capacity_unavailable',
  'invalid_request',
  'image_not_found',
]);

/** What is known when a cloud did not answer an attempt to launch with servers. */
export interface RefusalFacts {
  code: ErrorCode;
  /** Waiting can mend it. */
  temporary: boolean;
  /** Nobody had ever sent anything for this launch before. */
  first: boolean;
  /** The environment is still wanted. */
  wanted: boolean;
  /** It was tried for as long as anybody is asked to wait. */
  outOfPatience: boolean;
  /** There is another place (a zone, a size) that was not tried yet. */
  elsewhere: boolean;
}

/**
 * `retry`: the outcome is open, so the same launch has to be sent again. `elsewhere`: nothing was
 * made; close it and launch in another place. `close`: nothing was made, and the nodes fail.
 * `abandon`: the nodes fail, but the launch stays open, because it may have made servers.
 */
export type RefusalDecision = 'retry' | 'elsewhere' | 'close' | 'abandon';

/**
 * Decides what follows from a refusal. Pure. A launch is only ever closed, and another one begun, when
 * the cloud has certainly made nothing for it: that is what keeps a node from having two servers.
 */
export function decideRefusal(facts: RefusalFacts): RefusalDecision {
  const { code, temporary, first, wanted, outOfPatience, elsewhere } = facts;
  if (code === 'capacity_unavailable') {
    if (!wanted) return 'close';
    if (elsewhere) return 'elsewhere';
    return outOfPatience ? 'close' : 'retry';
  }
  if (temporary) return outOfPatience && wanted ? 'abandon' : 'retry';
  if (first || DEFINITE.has(code)) return 'close';
  return wanted ? 'abandon' : 'retry';
}
