import { setTimeout as sleep } from 'node:timers/promises';
import { SshConnection, type SshTarget } from './ssh-connection';
import { SshError } from './ssh.error';

export interface ConnectPatience {
  /** How long it is tried; 0 is once. */
  windowMs: number;
  /** How long the first try may take; one that takes so long makes the next twice as patient. */
  tryMs: number;
}

/** How long one run tries to get in before it is written down that it could not. */
export const PATIENCE: ConnectPatience = { windowMs: 20_000, tryMs: 5000 };
const LONGEST_TRY_MS = 20_000;
const PAUSE_MS = 250;

/**
 * Connects to a node that may still be booting: refused, timed out, not yet our key, not yet its
 * host key are all "not yet" until the window is over. @throws the last SshError then.
 */
export async function connectNode(
  target: SshTarget,
  signal: AbortSignal,
  { windowMs, tryMs }: ConnectPatience = PATIENCE,
): Promise<SshConnection> {
  const deadline = performance.now() + windowMs;
  for (let patience = tryMs; ;) {
    const began = performance.now();
    try {
      return await SshConnection.open(target, patience, signal);
    } catch (error) {
      const now = performance.now();
      const aborted = error instanceof SshError && error.failure === 'aborted';
      if (aborted || now + PAUSE_MS > deadline) throw error;
      // Nothing there, or a machine or network so slow that a handshake takes longer.
      if (now - began >= patience) patience = Math.min(2 * patience, LONGEST_TRY_MS);
      await sleep(PAUSE_MS);
    }
  }
}
