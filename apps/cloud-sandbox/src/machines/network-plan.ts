import { networkInterfaces } from 'node:os';
import { readFile } from 'node:fs/promises';
import { overlaps, parseCidr, toAddress } from './addresses';
import type { DockerEngine } from './docker-engine';

/** The two networks of a sandbox, both a /16. */
export interface NetworkPlan {
  /** Of the machines among themselves; an address here is a machine's for its life. */
  privateCidr: string;
  /** Reachable from this host; an address here is a machine's for one start. */
  publicCidr: string;
}

/** EC2's default VPC first, then what Docker and home routers rarely use. */
const PRIVATE = ['172.31.0.0/16', ...Array.from({ length: 40 }, (_, i) => `10.${160 + i}.0.0/16`)];
const PUBLIC = Array.from({ length: 50 }, (_, i) => `10.${200 + i}.0.0/16`);

interface EngineNetwork {
  IPAM?: { Config?: { Subnet?: string }[] | null };
}

/**
 * Where every machine is virtual its addresses are loopback's: whoever follows one of them, by
 * SSH say, meets this host and a closed port, and never a stranger's host of the private ranges.
 */
export const VIRTUAL_PLAN: NetworkPlan = {
  privateCidr: '127.64.0.0/16',
  publicCidr: '127.65.0.0/16',
};

/** Two networks that nothing on this host and no network of the engine overlaps. */
export async function planNetworks(engine?: DockerEngine): Promise<NetworkPlan> {
  const used = [...hostNetworks(), ...(await routes())];
  if (engine) {
    const networks = await engine.json<EngineNetwork[]>({ method: 'GET', path: '/networks' });
    for (const network of networks)
      for (const { Subnet } of network.IPAM?.Config ?? [])
        if (Subnet && !Subnet.includes(':')) used.push(Subnet);
  }
  const taken = used.map(parseCidr);
  const isFree = (cidr: string) => !taken.some((other) => overlaps(parseCidr(cidr), other));
  const privateCidr = PRIVATE.find(isFree);
  const publicCidr = PUBLIC.find((cidr) => cidr !== privateCidr && isFree(cidr));
  if (!privateCidr || !publicCidr) throw new Error('No free networks on this host');
  return { privateCidr, publicCidr };
}

function hostNetworks(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && address.cidr)
    .map((address) => address.cidr as string);
}

/** Linux's routing table, whose addresses are hexadecimal in the host's (little) byte order. */
async function routes(): Promise<string[]> {
  const text = await readFile('/proc/net/route', 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields[1] && fields[7] && fields[7] !== '00000000')
    .map((fields) => {
      const mask = Buffer.from(fields[7] ?? '', 'hex').readUInt32LE();
      const bits = mask.toString(2).replaceAll('0', '').length;
      return `${toAddress(Buffer.from(fields[1] ?? '', 'hex').readUInt32LE())}/${bits}`;
    });
}
