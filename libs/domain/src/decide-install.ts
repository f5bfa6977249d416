import { CHECKED_CODES, type ErrorCode } from './errors';
import type { Desired, NodePhase } from './node-phase';

/** What is known of a node, all that a decision of package-installer's depends on. */
export interface InstallFacts {
  desired: Desired;
  environmentDesired: Desired;
  phase: NodePhase;
  /** Canonical names, in the order in which they were asked for. */
  packages: readonly string[];
  installedPackages: readonly string[];
  /** It is a member of the environment's Docker cluster. */
  inCluster: boolean;
  /** Why it failed, when it did. */
  failure: ErrorCode | null;
  /** It is time to look at it again. */
  checkDue: boolean;
}

/** The next step on the node itself. */
export type InstallDecision =
  | { do: 'boot' }
  | { do: 'install'; package: string }
  | { do: 'advance'; to: 'joining' | 'ready' }
  | { do: 'join' }
  | { do: 'leave' }
  | { do: 'check' }
  | { do: 'nothing' };

const CHECKED: ReadonlySet<ErrorCode | null> = new Set(CHECKED_CODES);

/**
 * Decides package-installer's next step for one node. Pure, like `decideNode`: in every phase and
 * for every wish at most one of the two services has something to do.
 */
export function decideInstall(facts: InstallFacts): InstallDecision {
  if (facts.desired === 'absent') return decideLeaving(facts);
  if (facts.desired !== 'running') return { do: 'nothing' };
  switch (facts.phase) {
    case 'booting':
      return { do: 'boot' };
    case 'installing': {
      const missing = facts.packages.find((name) => !facts.installedPackages.includes(name));
      if (missing !== undefined) return { do: 'install', package: missing };
      return { do: 'advance', to: facts.packages.includes('docker') ? 'joining' : 'ready' };
    }
    case 'joining':
      return { do: 'join' };
    case 'ready':
      return { do: facts.checkDue ? 'check' : 'nothing' };
    case 'failed':
      // What a look at it found may be over at the next.
      return { do: facts.checkDue && CHECKED.has(facts.failure) ? 'check' : 'nothing' };
    default:
      return { do: 'nothing' };
  }
}

/** A cluster that goes on without the node has to know; one that goes altogether does not. */
function decideLeaving({ environmentDesired, phase, inCluster }: InstallFacts): InstallDecision {
  const tooLate = phase === 'terminating' || phase === 'absent';
  return inCluster && environmentDesired !== 'absent' && !tooLate
    ? { do: 'leave' }
    : { do: 'nothing' };
}
