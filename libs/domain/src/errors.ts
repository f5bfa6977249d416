/**
 * Every code that a customer can see, whether waiting can mend it, and what the customer can do.
 * Codes are stable: clients compare them.
 */
export const ERROR_CODES = {
  // at the cloud
  credentials_refused: { temporary: false },
  permission_denied: { temporary: false },
  quota_exceeded: { temporary: false },
  capacity_unavailable: { temporary: true },
  throttled: { temporary: true },
  cloud_unavailable: { temporary: true },
  invalid_request: { temporary: false },
  image_not_found: { temporary: false },
  not_found: { temporary: false },
  conflict: { temporary: true },
  launch_incomplete: { temporary: true },
  server_lost: { temporary: false },
  server_stopped: { temporary: false },
  // on the node
  boot_timeout: { temporary: false },
  ssh_unreachable: { temporary: true },
  host_key_mismatch: { temporary: false },
  package_failed: { temporary: false },
  package_retry: { temporary: true },
  cluster_failed: { temporary: true },
  node_unreachable: { temporary: false },
  package_down: { temporary: false },
  not_in_cluster: { temporary: false },
  // ours
  internal: { temporary: true },
} as const satisfies Record<string, { temporary: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What package-installer's look at a ready node finds; a node that failed so is looked at again. */
export const CHECKED_CODES = ['node_unreachable', 'package_down', 'not_in_cluster'] as const;

/** What happens to servers behind our back; a node that failed so can be repaired. */
export const DRIFT_CODES = ['server_lost', 'server_stopped', ...CHECKED_CODES] as const;

/** A failure with a code of ours. `temporary` is a property of the code, never guessed from text. */
export class CloudHeroError extends Error {
  readonly temporary: boolean;
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CloudHeroError';
    this.temporary = ERROR_CODES[code].temporary;
  }
}

/** Any thrown thing as one of ours; what nobody foresaw is `internal`, and is tried again. */
export function asCloudHeroError(error: unknown): CloudHeroError {
  if (error instanceof CloudHeroError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CloudHeroError('internal', message, { cause: error });
}
