import { CloudHeroError } from '@cloudhero/domain';
import { EXIT_BUSY, EXIT_TIMEOUT } from '../ssh/remote-script';
import { INSTALL_EXIT } from './install-script';

const { update, unavailable, download, configure, service, check, goingDown } = INSTALL_EXIT;
const REASONS: Record<number, { retry: boolean; reason: string }> = {
  [update]: { retry: true, reason: 'the lists of packages could not be fetched' },
  [download]: { retry: true, reason: 'packages could not be fetched' },
  [EXIT_BUSY]: { retry: true, reason: 'an earlier run is still at work on the node' },
  [EXIT_TIMEOUT]: { retry: true, reason: 'it took longer than 30 minutes' },
  [goingDown]: { retry: true, reason: 'the machine went down meanwhile' },
  [unavailable]: { retry: false, reason: 'apt cannot install it on this node' },
  [configure]: { retry: false, reason: 'its installation failed' },
  [service]: { retry: false, reason: 'its service does not run' },
  [check]: { retry: false, reason: 'it is installed, but its check failed' },
};

/** An installation's exit status and output as an error that says what failed, and how. */
export function installFailure(name: string, status: number, output: string): CloudHeroError {
  const { retry, reason } = REASONS[status] ?? otherReason(status);
  const lines = lastMeaningfulLines(output);
  const message = `Installing ${name} failed: ${reason}.${lines ? ` Last output: ${lines}` : ''}`;
  return new CloudHeroError(retry ? 'package_retry' : 'package_failed', message);
}

/** A shell says by 128 and more that a signal ended a command: a shutdown's, or for want of memory. */
function otherReason(status: number) {
  return status > 128
    ? { retry: true, reason: `it was ended by signal ${status - 128}` }
    : { retry: false, reason: `exit status ${status}` };
}

const NOISE =
  /^(Reading |Building |\(Reading |Get:|Hit:|Ign:|Fetched |Selecting |Preparing |Unpacking |Processing triggers|0 upgraded|N: |W: )|^\s*$/;
const COMPLAINT = /^(E|Err|error|dpkg: error)\b|fail|cannot|could not|unable|unmet|no such/i;

/** The few lines of an output that say most about a failure, on one line of at most 600 characters. */
export function lastMeaningfulLines(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !NOISE.test(line));
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  const chosen = [...new Set((complaints.length > 0 ? complaints : lines).slice(-6))];
  return chosen.slice(-4).join(' | ').slice(0, 600);
}
