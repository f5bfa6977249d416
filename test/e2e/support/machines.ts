import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sandbox } from './sandbox';

const run = promisify(execFile);

/** A real machine of the sandbox's, as somebody at its console has it. */
export class Machine {
  private constructor(
    readonly instanceId: string,
    private readonly container: string,
  ) {}

  /** The machine that has this public address now; undefined while none has. */
  static async at(address: string | null | undefined): Promise<Machine | undefined> {
    if (!address) return undefined;
    const found = (await sandbox.instances()).find(
      ({ publicAddress, state }) => publicAddress === address && state === 'running',
    );
    return found?.container ? new Machine(found.instanceId, found.container) : undefined;
  }

  /** Runs shell code as root. @returns what it printed. @throws when it fails */
  async sh(code: string): Promise<string> {
    const { stdout } = await run('docker', ['exec', this.container, 'sh', '-c', code], {
      timeout: 30_000,
    });
    return stdout;
  }

  /** Whether shell code succeeds; false as well while the machine is down. */
  succeeds(code: string): Promise<boolean> {
    return this.sh(code).then(
      () => true,
      () => false,
    );
  }

  /** Pulls the plug and puts it in again. */
  async reset(): Promise<void> {
    await run('docker', ['restart', '--time', '0', this.container], { timeout: 60_000 });
  }
}
