import {
  asCloudHeroError,
  backoffMs,
  type CHECKED_CODES,
  CloudHeroError,
  type ErrorCode,
} from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';
import { SshError } from '../ssh/ssh.error';

/** How often something temporary is tried before the node fails; with the pauses, minutes. */
const ATTEMPTS = 20;
const MAX_PAUSE_MS = 30_000;
/**
 * What a node is said to suffer from that was ready before: it is looked at again and again, and
 * taken back when that is over.
 */
const AFTER_READY: Partial<Record<ErrorCode, (typeof CHECKED_CODES)[number]>> = {
  boot_timeout: 'node_unreachable',
  ssh_unreachable: 'node_unreachable',
  host_key_mismatch: 'node_unreachable',
  package_failed: 'package_down',
  cluster_failed: 'not_in_cluster',
};

export type Failure =
  | { retry: true; waitMs: number; code: ErrorCode; message: string }
  | { retry: false; code: ErrorCode; message: string };

/** What follows from a step that threw. */
export function decideFailure(
  thrown: unknown,
  { attempts, readyAt }: Pick<NodeRow, 'attempts' | 'readyAt'>,
): Failure {
  const { code, message, temporary, options } = asNodeError(thrown);
  if (temporary && attempts + 1 < ATTEMPTS) {
    const pause = backoffMs(attempts, { baseMs: 500, maxMs: MAX_PAUSE_MS });
    return { retry: true, code, message, waitMs: options.retryAfterMs ?? pause };
  }
  const last = code === 'package_retry' ? 'package_failed' : code;
  return {
    retry: false,
    code: (readyAt && AFTER_READY[last]) ?? last,
    message: temporary ? `${message} Given up after ${attempts + 1} attempts.` : message,
  };
}

function asNodeError(thrown: unknown): CloudHeroError {
  if (!(thrown instanceof SshError)) return asCloudHeroError(thrown);
  if (thrown.failure === 'mismatch') {
    const message =
      'The node shows another SSH host key than its own, so it was not connected to. Is something else at its address?';
    return new CloudHeroError('host_key_mismatch', message, { cause: thrown });
  }
  const message = `No SSH connection to the node: ${thrown.message}.`;
  return new CloudHeroError('ssh_unreachable', message, { cause: thrown });
}
