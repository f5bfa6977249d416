import { CloudHeroError } from '@cloudhero/domain';
import type { Firewall, FirewallInboundRule, FirewallSourceDestination } from 'digitalocean-js';
import { instance } from 'digitalocean-js/src/lib/axios-instance';
import type { EnvironmentSpec } from '../../cloud-driver';
import { digitalOcean } from './do-client';
import { asCloudError, isNotFound } from './do-errors';
import { readSteady } from './do-pages';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** A firewall that exists. */
export type KnownFirewall = Firewall & { id: string };

type Rule = Omit<FirewallInboundRule, 'sources'> & { sources: Partial<FirewallSourceDestination> };

/**
 * Makes the environment's firewall, or finds it, with all rules that are wanted; it holds for whatever
 * carries `tag`, from a droplet's first moment.
 * @returns its id
 */
export async function ensureFirewall(
  name: string,
  tag: string,
  spec: EnvironmentSpec,
): Promise<string> {
  const rules = inboundRules(spec, tag);
  const firewall = (await findOne(name)) ?? (await create(name, tag, rules));
  if (firewall.status === 'failed') {
    const { id, inbound_rules, outbound_rules, droplet_ids, tags } = firewall;
    // Said once more, it is tried once more.
    await digitalOcean.firewalls.updateFirewall({
      ...{ id, name, inbound_rules, outbound_rules, droplet_ids, tags },
    });
    throw new CloudHeroError('cloud_unavailable', 'DigitalOcean could not apply the firewall.');
  }
  const known = new Set(firewall.inbound_rules.map(keyOf));
  const missing = rules.filter((rule) => !known.has(keyOf(rule)));
  if (missing.length > 0) {
    // Added rather than all put again: two that add different ones at once lose neither.
    await instance.post(`/firewalls/${firewall.id}/rules`, { inbound_rules: missing });
  }
  return firewall.id;
}

export function listFirewalls(): Promise<KnownFirewall[]> {
  return readSteady<KnownFirewall>('/firewalls', 'firewalls');
}

export async function deleteFirewall(id: string): Promise<void> {
  try {
    await digitalOcean.firewalls.deleteFirewall(id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Two workers at once may have made two; both keep the same one. */
async function findOne(name: string): Promise<KnownFirewall | undefined> {
  const all = (await listFirewalls()).filter((firewall) => firewall.name === name);
  const age = ({ created_at: at = '', id }: KnownFirewall) => `${at} ${id}`;
  const [kept, ...others] = all.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  for (const { id } of others) await deleteFirewall(id);
  return kept;
}

async function create(name: string, tag: string, rules: Rule[]): Promise<KnownFirewall> {
  try {
    await instance.post('/firewalls', {
      name,
      inbound_rules: rules,
      // A firewall without rules for it lets nothing out.
      outbound_rules: ['tcp', 'udp', 'icmp'].map((protocol) => ({
        protocol,
        ports: '0',
        destinations: { addresses: EVERYWHERE },
      })),
      tags: [tag],
    });
  } catch (error) {
    // Another worker was faster, or an earlier reply was lost.
    if (asCloudError(error).code !== 'conflict') throw error;
  }
  const made = await findOne(name);
  if (made) return made;
  throw new CloudHeroError('conflict', 'DigitalOcean does not show the firewall yet.');
}

/**
 * Docker's cluster ports are open between members only: the tag is their source. Encrypted overlay
 * networks need ESP besides, which a firewall here cannot express: it knows TCP, UDP and ICMP.
 */
function inboundRules(spec: EnvironmentSpec, tag: string): Rule[] {
  const members = { tags: [tag] };
  const range = ([from, to]: readonly [number, number]) =>
    from === to ? `${from}` : `${from}-${to}`;
  return [
    { protocol: 'tcp', ports: '22', sources: { addresses: [...spec.sshFrom] } },
    ...spec.openPorts.map((ports) => ({
      protocol: 'tcp',
      ports: range(ports),
      sources: { addresses: EVERYWHERE },
    })),
    { protocol: 'tcp', ports: '2377', sources: members },
    { protocol: 'tcp', ports: '7946', sources: members },
    { protocol: 'udp', ports: '7946', sources: members },
    { protocol: 'udp', ports: '4789', sources: members },
  ];
}

/** The same for two rules that say the same, whatever the order. */
function keyOf({ protocol, ports, sources }: Rule): string {
  const { addresses = [], tags = [] } = sources;
  return [protocol, ports, ...[...addresses, ...tags].sort()].join(' ');
}
