/** Where a machine is in its life; the clouds' own names for it are made from this. */
export type MachineState = 'pending' | 'running' | 'stopping' | 'stopped' | 'deleting' | 'deleted';

export interface MachineFailure {
  code: string;
  message: string;
}

/** A machine as the store keeps it; times are milliseconds since 1970. */
export interface Machine {
  id: string;
  /** No container: the record alone goes through the states. */
  virtual: boolean;
  state: MachineState;
  hostname: string;
  privateAddress: string;
  /** Changes with every stop and start, and is absent while the machine is off, unless it is kept. */
  publicAddress?: string;
  /** DigitalOcean: the public address is the machine's for its life. */
  keepsPublicAddress?: boolean;
  /** cloud-init's user data, as base64 of the bytes given. */
  userData?: string;
  /** OpenSSH public keys for the image's default user. */
  publicKeys: string[];
  /** DigitalOcean: the keys are root's too. */
  rootLogin?: boolean;
  /** What `shutdown -h` inside of the machine does to it. */
  onShutdown: 'stop' | 'delete';
  createdAt: number;
  /** The last time it went to `pending`. */
  launchedAt: number;
  /** Set when `running` was reached in this start. */
  runningAt?: number;
  deletedAt?: number;
  /** It is to be deleted with this reason instead of running. */
  failure?: MachineFailure;
  /** Stop without waiting for the operating system. */
  force?: boolean;
}

export type MachineSpec = Pick<
  Machine,
  | 'id'
  | 'virtual'
  | 'hostname'
  | 'privateAddress'
  | 'userData'
  | 'publicKeys'
  | 'onShutdown'
  | 'keepsPublicAddress'
  | 'rootLogin'
  | 'failure'
>;

const TRANSITIONS = {
  pending: ['running', 'deleting'],
  running: ['stopping', 'stopped', 'pending', 'deleting'],
  stopping: ['stopped', 'deleting'],
  stopped: ['pending', 'deleting'],
  deleting: ['deleted'],
  deleted: [],
} satisfies Record<MachineState, MachineState[]>;

/** Whether a machine may go from one state to the other. */
export function mayBecome(from: MachineState, to: MachineState): boolean {
  const allowed: readonly MachineState[] = TRANSITIONS[from];
  return allowed.includes(to);
}

/** States in which the sandbox has something to do before the machine rests. */
export function isMoving(state: MachineState): boolean {
  return state === 'pending' || state === 'stopping' || state === 'deleting';
}
