/**
 * Shell code that prints the id of the boot that the machine is in. A container has its host's, so
 * when its first process started counts as well.
 */
export const BOOT_ID = `echo "$(cat /proc/sys/kernel/random/boot_id)/$(sed 's/.*) //' /proc/1/stat | cut -d' ' -f20)"`;

const SHAPE = /^[0-9a-f-]{36}\/\d+$/;

/** The id in what it printed, or null. */
export function bootIdIn(text: string): string | null {
  return SHAPE.test(text) ? text : null;
}
