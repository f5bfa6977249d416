/**
 * Why a connection did not come about or broke off. `mismatch`: the host key is not the node's.
 * `auth`: it does not take our key. `refused`: nobody answers. `lost`: it broke off. `aborted`: by us.
 */
export type SshFailure = 'mismatch' | 'auth' | 'refused' | 'lost' | 'aborted';

export class SshError extends Error {
  constructor(
    readonly failure: SshFailure,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'SshError';
  }
}
