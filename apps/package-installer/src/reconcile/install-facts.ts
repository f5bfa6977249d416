import type { InstallFacts } from '@cloudhero/domain';
import type { NodeRun } from './node-run';

/** `checkDue`: whoever asks is there to look at the node. */
export function installFacts({ node, work }: NodeRun, checkDue: boolean): InstallFacts {
  return {
    desired: node.desired,
    environmentDesired: work.environment.desired,
    phase: node.phase,
    packages: node.packages,
    installedPackages: node.installedPackages,
    inCluster: node.clusterNodeId !== null,
    failure: node.lastErrorCode,
    checkDue,
  };
}
