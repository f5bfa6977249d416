import { SANDBOX_LABEL } from './container-args';
import { type DockerEngine, EngineError } from './docker-engine';
import { subnetAt } from './addresses';
import type { NetworkPlan } from './network-plan';

interface EngineNetwork {
  Id: string;
  IPAM?: { Config?: { Subnet?: string }[] | null };
}

export interface SandboxNetworks {
  private: string;
  public: string;
}

export function networkNames(sandbox: string): SandboxNetworks {
  return { private: `${sandbox}-private`, public: `${sandbox}-public` };
}

/**
 * Makes the sandbox's two bridges where they are missing. The private one is internal, so that the
 * way out, and the default route, is the public one's.
 * @throws EngineError 403 where the plan overlaps a network that came up since it was made.
 */
export async function ensureNetworks(
  engine: DockerEngine,
  sandbox: string,
  plan: NetworkPlan,
): Promise<void> {
  const names = networkNames(sandbox);
  await ensure(engine, sandbox, names.private, plan.privateCidr, true);
  await ensure(engine, sandbox, names.public, plan.publicCidr, false);
}

async function ensure(
  engine: DockerEngine,
  sandbox: string,
  name: string,
  cidr: string,
  internal: boolean,
): Promise<void> {
  const path = `/networks/${name}`;
  const found = await engine.find<EngineNetwork>({ method: 'GET', path });
  if (found?.IPAM?.Config?.some((config) => config.Subnet === cidr)) return;
  if (found) await engine.json({ method: 'DELETE', path });
  await engine.json({
    method: 'POST',
    path: '/networks/create',
    json: {
      Name: name,
      Driver: 'bridge',
      Internal: internal,
      CheckDuplicate: true,
      Labels: { [SANDBOX_LABEL]: sandbox },
      IPAM: { Config: [{ Subnet: cidr, Gateway: subnetAt(cidr, 32, 1).split('/')[0] }] },
    },
  });
}

/** Puts a container onto a network at an address, away from any other it had there. */
export async function reconnect(
  engine: DockerEngine,
  network: string,
  container: string,
  address: string,
): Promise<void> {
  await disconnect(engine, network, container);
  await engine.json({
    method: 'POST',
    path: `/networks/${network}/connect`,
    json: { Container: container, EndpointConfig: { IPAMConfig: { IPv4Address: address } } },
  });
}

export async function disconnect(
  engine: DockerEngine,
  network: string,
  container: string,
): Promise<void> {
  try {
    const json = { Container: container, Force: true };
    await engine.json({ method: 'POST', path: `/networks/${network}/disconnect`, json });
  } catch (error) {
    // 404, and from some versions 403 or 500, is "was not connected".
    if (!(error instanceof EngineError)) throw error;
  }
}

/** Removes what carries the sandbox's label besides containers, which must be gone before. */
export async function removeNetworksAndVolumes(
  engine: DockerEngine,
  sandbox: string,
): Promise<void> {
  const label = encodeURIComponent(JSON.stringify({ label: [`${SANDBOX_LABEL}=${sandbox}`] }));
  const path = `/volumes?filters=${label}`;
  const { Volumes } = await engine.json<{ Volumes: { Name: string }[] | null }>({
    method: 'GET',
    path,
  });
  for (const { Name } of Volumes ?? [])
    await engine.find({ method: 'DELETE', path: `/volumes/${Name}?force=true` });
  const networks = await engine.json<{ Id: string }[]>({
    method: 'GET',
    path: `/networks?filters=${label}`,
  });
  for (const { Id } of networks) await engine.find({ method: 'DELETE', path: `/networks/${Id}` });
}
