/**
 * Where a node is in its life. `failed` can be reached from anywhere, and is left by deleting, or by
 * repairing what happened to its server.
 */
export const NODE_PHASES = [
  'requested',
  'launching',
  'booting',
  'installing',
  'joining',
  'ready',
  'stopping',
  'stopped',
  'starting',
  'terminating',
  'absent',
  'failed',
] as const;
export type NodePhase = (typeof NODE_PHASES)[number];

/** What the customer asked for. */
export type Desired = 'running' | 'stopped' | 'absent';

/**
 * Which phase may follow which. `advance()` refuses anything else, so a handler that is late or
 * doubled cannot move a node anywhere else. Back to `requested` goes a node whose server is gone and
 * is to be replaced, or that the cloud had no room for; back to where its software is looked after,
 * one that is repaired.
 */
export const NODE_TRANSITIONS = {
  requested: ['launching', 'absent', 'failed'],
  launching: ['requested', 'booting', 'stopping', 'terminating', 'absent', 'failed'],
  booting: ['requested', 'installing', 'stopping', 'starting', 'terminating', 'failed'],
  installing: [
    'requested',
    'joining',
    'booting',
    'ready',
    'stopping',
    'starting',
    'terminating',
    'failed',
  ],
  joining: [
    'requested',
    'ready',
    'booting',
    'installing',
    'stopping',
    'starting',
    'terminating',
    'failed',
  ],
  ready: [
    'requested',
    'booting',
    'installing',
    'joining',
    'stopping',
    'starting',
    'terminating',
    'failed',
  ],
  stopping: ['requested', 'stopped', 'starting', 'terminating', 'failed'],
  stopped: ['requested', 'starting', 'stopping', 'terminating', 'failed'],
  starting: ['requested', 'booting', 'stopping', 'terminating', 'failed'],
  terminating: ['absent', 'failed'],
  absent: [],
  failed: [
    'requested',
    'booting',
    'installing',
    'joining',
    'ready',
    'stopping',
    'stopped',
    'starting',
    'terminating',
    'absent',
  ],
} as const satisfies Record<NodePhase, readonly NodePhase[]>;

/** Whether a node may move from one phase to the other (staying is not a move). */
export function canMove(from: NodePhase, to: NodePhase): boolean {
  return (NODE_TRANSITIONS[from] as readonly NodePhase[]).includes(to);
}

/** Phases in which package-installer works on the node; in all others provisioner does. */
export const INSTALLER_PHASES = ['booting', 'installing', 'joining'] as const;

/** Whether it is package-installer's turn. */
export function isInstallerPhase(phase: NodePhase): phase is (typeof INSTALLER_PHASES)[number] {
  return (INSTALLER_PHASES as readonly NodePhase[]).includes(phase);
}
