import type { RemoteFile } from '../ssh/shell';

/** How a package of the catalogue is installed. Data only: `install-script.ts` makes shell of it. */
export interface Recipe {
  /** Its name in the catalogue, which has its aliases and ports. */
  name: string;
  /** apt packages, or those of each distribution. */
  apt: readonly string[] | { debian: readonly string[]; ubuntu: readonly string[] };
  /** More apt packages, where a shell test says so. */
  aptWhen?: readonly { test: string; packages: readonly string[] }[];
  /** With what the packages recommend. Default false: smaller, faster, fewer services. */
  recommends?: boolean;
  /** In place before the packages, so that the first start of a service is already right. */
  files?: readonly RemoteFile[];
  /** systemd units that have to run. */
  services?: readonly string[];
  /** bash, under `set -euo pipefail`; proves that the package works. */
  check: string;
}
