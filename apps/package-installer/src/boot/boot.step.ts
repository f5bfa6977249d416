import { CloudHeroError } from '@cloudhero/domain';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import { NO_ERROR, type StepResult } from '../reconcile/step';
import { lastMeaningfulLines } from '../install/install-failure';
import { sameKey, type SshConnection } from '../ssh/ssh-connection';
import { SshError, type SshFailure } from '../ssh/ssh.error';
import {
  BOOT_SCRIPT,
  bootIdOf,
  EXIT_CLOUD_INIT,
  hostKeyIn,
  USE_HOST_KEY_SCRIPT,
} from './boot-scripts';

/** A run tries for 20 s, so this is ten minutes. */
const BOOT_ATTEMPTS = 30;

const ADVICE: Partial<Record<SshFailure, string>> = {
  auth: 'It does not accept the environment’s SSH key: cloud-init may have failed on this image.',
  refused:
    'It does not answer on port 22: the image may not run SSH, or a firewall may be in between.',
};

/** Gets into a node that boots, waits for cloud-init, and gives it a host key of its own. */
@Injectable()
export class BootStep {
  async run(run: NodeRun): Promise<StepResult> {
    const ssh = await connect(run);
    if (ssh === 'not yet') return { waitMs: 0 };
    const [status, output] = await capture(ssh, BOOT_SCRIPT, run.signal);
    const hostKey = hostKeyIn(output);
    if (status === EXIT_CLOUD_INIT) {
      const said = lastMeaningfulLines(output);
      throw new CloudHeroError('boot_timeout', `cloud-init failed on the node: ${said}`);
    }
    if (status !== 0 || !hostKey) {
      throw new CloudHeroError('internal', `preparing SSH failed: ${lastMeaningfulLines(output)}`);
    }
    if (!sameKey(ssh.hostKey, hostKey)) {
      // Known before it is used: whatever is cut off here, the next connection can be verified.
      if (!(await run.save({ hostPublicKey: hostKey }))) return 'again';
      const [code, said] = await capture(ssh, USE_HOST_KEY_SCRIPT, run.signal);
      if (code !== 0) {
        const lines = lastMeaningfulLines(said);
        throw new CloudHeroError('internal', `sshd did not take its new host key: ${lines}`);
      }
    }
    const event = {
      type: 'phase',
      message: 'Connected over SSH; the first boot is over.',
    } as const;
    const bootId = bootIdOf(output);
    await run.save({ ...NO_ERROR, phase: 'installing', bootId }, event);
    return 'again';
  }
}

/** @throws CloudHeroError when the time for booting is over. */
async function connect(run: NodeRun): Promise<SshConnection | 'not yet'> {
  try {
    return await run.ssh();
  } catch (error) {
    if (!(error instanceof SshError) || error.failure === 'aborted') throw error;
    const attempts = run.node.attempts + 1;
    if (attempts < BOOT_ATTEMPTS) {
      await run.save({ attempts });
      return 'not yet';
    }
    const where = `${run.node.publicIp ?? run.node.privateIp}:22`;
    if (error.failure === 'mismatch') {
      throw new CloudHeroError(
        'host_key_mismatch',
        `${where} shows another SSH host key than this node’s, so it was not connected to. Is something else at this address? Otherwise delete the node and request it again.`,
      );
    }
    throw new CloudHeroError(
      'boot_timeout',
      `No SSH connection to ${where} in ten minutes (${error.message}). ${ADVICE[error.failure] ?? ''}`.trim(),
    );
  }
}

async function capture(ssh: SshConnection, code: string, signal: AbortSignal) {
  let output = '';
  const status = await ssh.run(code, { signal, onOutput: (text) => (output += text) });
  return [status, output] as const;
}
