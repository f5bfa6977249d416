import { BOOT_ID, bootIdIn } from '../ssh/boot-id';
import { quote } from '../ssh/shell';

/** Asks a node, as our user, for the boot that it is in and for units: cheap enough for often. */
export function checkupCommand(units: readonly string[]): string {
  return [BOOT_ID, ...units.map((unit) => `systemctl is-active ${quote(unit)}`)].join('; ');
}

export interface CheckupAnswer {
  /** Another one after every boot; null when the node did not say. */
  bootId: string | null;
  /** The units that do not run. */
  down: string[];
}

/** Reads what the command printed. */
export function readCheckup(units: readonly string[], output: string): CheckupAnswer {
  const [boot = '', ...states] = output.trim().split(/\s+/);
  return {
    bootId: bootIdIn(boot),
    down: units.filter((_, index) => states[index] !== 'active'),
  };
}
