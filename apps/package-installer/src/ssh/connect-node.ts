import { setTimeout as sleep } from 'node:timers/promises';
import { SshConnection, type SshTarget } from './ssh-connection';
import { SshError } from './ssh.error';

/** How long one run tries to get in before it is written down that it could not. */
export const CONNECT_WINDOW_MS = 20_000;
const TRY_MS = 5000;
const PAUSE_MS = 250;

/**
 * Connects to a node that may still be booting: refused, timed out, not yet our key, not yet its
 * host key are all "not yet" until the window is over. @throws the last SshError then.
 */
export async function connectNode(
  target: SshTarget,
  signal: AbortSignal,
  windowMs = CONNECT_WINDOW_MS,
): Promise<SshConnection> {
  const deadline = Date.now() + windowMs;
  for (;;) {
    try {
      return await SshConnection.open(target, TRY_MS, signal);
    } catch (error) {
      const aborted = error instanceof SshError && error.failure === 'aborted';
      if (aborted || Date.now() + PAUSE_MS > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
