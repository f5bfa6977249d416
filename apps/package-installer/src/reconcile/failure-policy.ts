import { asCloudHeroError, backoffMs, CloudHeroError, type ErrorCode } from '@cloudhero/domain';
import { SshError } from '../ssh/ssh.error';

/** How often something temporary is tried before the node fails; with the pauses, minutes. */
const ATTEMPTS: Partial<Record<ErrorCode, number>> = {
  package_retry: 5,
  ssh_unreachable: 20,
  cluster_failed: 20,
};
const DEFAULT_ATTEMPTS = 20;
const MAX_PAUSE_MS = 30_000;

export type Failure =
  | { retry: true; waitMs: number; code: ErrorCode; message: string }
  | { retry: false; code: ErrorCode; message: string };

/** What follows from a step that threw, when `attempts` have failed before it. */
export function decideFailure(thrown: unknown, attempts: number): Failure {
  const { code, message, temporary, options } = asNodeError(thrown);
  if (!temporary) return { retry: false, code, message };
  if (attempts + 1 >= (ATTEMPTS[code] ?? DEFAULT_ATTEMPTS)) {
    const last = code === 'package_retry' ? 'package_failed' : code;
    return {
      retry: false,
      code: last,
      message: `${message} Given up after ${attempts + 1} attempts.`,
    };
  }
  const pause = backoffMs(attempts, { baseMs: 500, maxMs: MAX_PAUSE_MS });
  return { retry: true, code, message, waitMs: options.retryAfterMs ?? pause };
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
