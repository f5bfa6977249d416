import type { CHECKED_CODES, ClusterRole } from '@cloudhero/domain';
import type { NodeEventInput, NodePatch, NodeRow } from '@cloudhero/persistence';
import { NO_ERROR } from '../reconcile/step';

/** What a look at a node found wrong. */
export interface Fault {
  code: (typeof CHECKED_CODES)[number];
  message: string;
  /** What the customer can do about it. */
  advice: string;
  /** Doing our work on the node again can help. */
  mendable: boolean;
  /** The packages whose services do not run. */
  packages?: readonly string[];
}

export interface Findings {
  /** Null when the node did not say. */
  bootId: string | null;
  fault: Fault | null;
  /** The node's role in its cluster, where it is in one and its engine answers. */
  role: ClusterRole | null;
  /** Its cluster lists members that are dead and nobody's. */
  deadMembers: boolean;
}

/** What the environment's owner wants done, and what was done of late. */
export interface RepairFacts {
  wanted: boolean;
  /** How often the fault was repaired lately. */
  done: number;
}

export interface Verdict {
  patch: NodePatch;
  event?: NodeEventInput;
  /** When to look again, where that is sooner than usual. */
  lookAgainMs?: number;
}

type CheckedNode = Pick<
  NodeRow,
  'phase' | 'attempts' | 'bootId' | 'lastErrorCode' | 'clusterRole' | 'installedPackages'
>;

/** A fault counts when it was seen so often in a row: a moment's weakness is none. */
const LOOKS = 3;
const SOON_MS = 3000;
/** Until what runs on a machine has come up with it, and its cluster has heard of that. */
const AFTER_BOOT_MS = 12_000;
export const MOST_REPAIRS = 3;
const RESTARTED = { type: 'drift', message: 'The machine was restarted.' } as const;

/**
 * Decides what follows from a look at a node that is ready, or that failed by what an earlier look
 * found. Pure. @returns null when nothing does.
 */
export function judgeCheckup(
  node: CheckedNode,
  findings: Findings,
  repair: RepairFacts,
): Verdict | null {
  const { bootId, fault } = findings;
  if (bootId !== null && bootId !== node.bootId) {
    // What does not run yet comes up with the boot.
    return {
      patch: { bootId, attempts: 0 },
      ...(node.bootId !== null && { event: RESTARTED }),
      ...((fault || node.phase === 'failed') && { lookAgainMs: AFTER_BOOT_MS }),
    };
  }
  if (fault) return judgeFault(node, fault, repair);
  if (node.phase === 'failed') {
    const event = { type: 'phase', message: 'Ready again: all is well with the node.' } as const;
    return { patch: { ...NO_ERROR, phase: 'ready' }, event };
  }
  if (findings.role && findings.role !== node.clusterRole) return judgeRole(node, findings.role);
  return node.attempts > 0 ? { patch: { attempts: 0 } } : null;
}

function judgeFault(node: CheckedNode, fault: Fault, repair: RepairFacts): Verdict | null {
  const { code, message, advice } = fault;
  const isKnown = node.phase === 'failed' && node.lastErrorCode === code;
  if (!isKnown && node.attempts + 1 < LOOKS) return oneMoreLook(node);
  if (fault.mendable && repair.wanted && repair.done < MOST_REPAIRS) {
    const lost = fault.packages ?? [];
    const patch: NodePatch =
      code === 'package_down'
        ? {
            phase: 'installing',
            installedPackages: node.installedPackages.filter((name) => !lost.includes(name)),
          }
        : { phase: 'booting' };
    return {
      patch: { ...NO_ERROR, ...patch },
      event: { type: 'drift', code, message: `${message} It is being repaired.` },
    };
  }
  if (isKnown) return null;
  const inVain = fault.mendable && repair.wanted ? ` Repaired ${repair.done} times, in vain.` : '';
  const shown = `${message}${inVain} ${advice}`;
  return {
    patch: { phase: 'failed', attempts: 0, lastErrorCode: code, lastErrorMessage: shown },
    event: { type: 'drift', code, message: shown },
  };
}

/** Changes of role of ours take a while at the node, so one look is not enough here either. */
function judgeRole(node: CheckedNode, role: ClusterRole): Verdict {
  if (node.attempts + 1 < LOOKS) return oneMoreLook(node);
  const message = `Found to be a ${role} of the Docker cluster now.`;
  return { patch: { clusterRole: role, attempts: 0 }, event: { type: 'drift', message } };
}

function oneMoreLook({ attempts }: CheckedNode): Verdict {
  return { patch: { attempts: attempts + 1 }, lookAgainMs: SOON_MS };
}
