import type { CloudDriver } from '@cloudhero/cloud';
import { ENGINE_PORT, type EnvironmentKeys } from '@cloudhero/domain';
import { createCa } from '@cloudhero/docker';
import type {
  EnvironmentPatch,
  EnvironmentRow,
  EnvironmentWork,
  NodeRow,
} from '@cloudhero/persistence';
import { newSshKeyPair, sealContext, type Sealer } from '@cloudhero/secrets';

/** Ports that a node's packages serve to everybody. */
const PACKAGE_PORTS: Record<string, readonly (readonly [number, number])[]> = {
  apache: [
    [80, 80],
    [443, 443],
  ],
  nginx: [
    [80, 80],
    [443, 443],
  ],
  haproxy: [
    [80, 80],
    [443, 443],
  ],
  // The engine itself, the web, and where Linux puts ports that a container publishes at random.
  docker: [
    [ENGINE_PORT, ENGINE_PORT],
    [80, 80],
    [443, 443],
    [32768, 60999],
  ],
};

/** The environment's secrets: made once, and saved before anything is made that depends on them. */
export async function makeKeys(
  environment: EnvironmentRow,
  sealer: Sealer,
): Promise<EnvironmentPatch> {
  const ssh = newSshKeyPair(`cloudhero-${environment.id}`);
  const host = newSshKeyPair(`first-boot-${environment.id}`);
  const ca = await createCa(`CloudHero environment ${environment.id}`);
  const keys: EnvironmentKeys = {
    sshPrivateKey: ssh.privateKey,
    hostPrivateKey: host.privateKey,
    ca,
  };
  return {
    sealedKeys: sealer.seal(keys, sealContext.environmentKeys(environment.id)),
    sshPublicKey: ssh.publicKey,
    hostPublicKey: host.publicKey,
    caCertificate: ca.certificate,
  };
}

/** Whether the cloud has to be prepared (again: a node that was added may need more ports). */
export function needsPreparing({ environment, nodes }: EnvironmentWork): boolean {
  return environment.cloudResources?.['openPorts'] !== openPorts(nodes).join(' ');
}

/** Makes at the cloud what the environment's servers need, or finds it. */
export async function prepareCloud(
  { environment, nodes }: EnvironmentWork,
  driver: CloudDriver,
  sshFrom: readonly string[],
): Promise<EnvironmentPatch> {
  const ports = openPorts(nodes);
  const resources = await driver.prepare({
    environmentId: environment.id,
    region: environment.region,
    name: environment.name,
    sshPublicKey: environment.sshPublicKey ?? '',
    sshFrom,
    openPorts: ports,
  });
  return { cloudResources: { ...resources, openPorts: ports.join(' ') } };
}

function openPorts(nodes: readonly NodeRow[]): (readonly [number, number])[] {
  const ranges = nodes.flatMap((node) =>
    node.packages.flatMap((name) => PACKAGE_PORTS[name] ?? []),
  );
  return [...new Map(ranges.map((range) => [range.join('-'), range])).values()];
}
