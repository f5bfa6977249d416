import { parseCidr, toAddress } from '../machines/addresses';
import type { Machine } from '../machines/machine';
import type { ActionRecord, DoKeyRecord, DropletRecord, FirewallRecord } from './do.records';
import { machineIdOf } from './do-store';
import { doImage, imageJson } from './images';
import type { OperationContext } from './operation';
import { DO_REGIONS, dropletSubnet, REGION_FEATURES } from './regions';
import { doSize, sizeJson, sizesIn } from './sizes';

type ViewContext = Pick<OperationContext, 'store' | 'machineStore' | 'plan' | 'now'>;

/** As every time of the API. */
export const isoTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

const REGION_JSON = new Map(
  DO_REGIONS.map(({ slug, name }) => [
    slug,
    { name, slug, features: REGION_FEATURES, available: true, sizes: sizesIn(slug) },
  ]),
);
const SIZE_JSON = new Map<string, object>();
const IMAGE_JSON = new Map<number, object>();

export const regionJson = (slug: string) => REGION_JSON.get(slug);

/** The tags that are on a droplet by now. */
export function tagsOf(droplet: DropletRecord, now: number): readonly string[] {
  return droplet.tagsAt > now ? [] : droplet.tags;
}

/** A machine that has never run is a new droplet; one on its way up again is still off. */
export function statusOf(machine: Machine): 'new' | 'active' | 'off' {
  if (machine.state === 'running' || machine.state === 'stopping') return 'active';
  return machine.state === 'pending' && machine.runningAt === undefined ? 'new' : 'off';
}

export function dropletJson(context: ViewContext, droplet: DropletRecord): object {
  const { store, machineStore, plan, now } = context;
  const machine = machineStore.find(machineIdOf(droplet.id));
  const size = doSize(droplet.size);
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size?.memory,
    vcpus: size?.vcpus,
    disk: size?.disk,
    disk_info: [{ type: 'local', size: { amount: size?.disk, unit: 'gib' } }],
    locked: store.pendingAction(droplet.id) !== undefined,
    status: machine ? statusOf(machine) : 'new',
    kernel: null,
    created_at: isoTime(droplet.createdAt),
    features: ['private_networking', 'droplet_agent'],
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image: imageOf(droplet.imageId),
    volume_ids: [],
    size: sizeOf(droplet.size),
    size_slug: droplet.size,
    networks: { v4: machine ? networksOf(machine, plan) : [], v6: [] },
    region: regionJson(droplet.region),
    tags: tagsOf(droplet, now),
    vpc_uuid: droplet.vpcUuid,
  };
}

export function actionJson(action: ActionRecord): object {
  return {
    id: action.id,
    status: action.status,
    type: action.type,
    started_at: isoTime(action.startedAt),
    completed_at: action.completedAt === undefined ? null : isoTime(action.completedAt),
    resource_id: action.dropletId,
    resource_type: 'droplet',
    region: regionJson(action.region),
    region_slug: action.region,
  };
}

export function keyJson({ id, name, publicKey, fingerprint }: DoKeyRecord): object {
  return { id, fingerprint, public_key: publicKey, name };
}

export function firewallJson(firewall: FirewallRecord, now: number): object {
  const isWaiting = firewall.settlesAt > now;
  const settled = firewall.fails ? 'failed' : 'succeeded';
  return {
    id: firewall.id,
    name: firewall.name,
    status: isWaiting ? 'waiting' : settled,
    inbound_rules: firewall.inbound.map(({ target, ...rule }) => ({ ...rule, sources: target })),
    outbound_rules: firewall.outbound.map(({ target, ...rule }) => ({
      ...rule,
      destinations: target,
    })),
    created_at: isoTime(firewall.createdAt),
    droplet_ids: firewall.dropletIds,
    tags: firewall.tags,
    pending_changes: isWaiting
      ? firewall.pending.map((change) => ({ ...change, status: 'waiting' }))
      : [],
  };
}

function sizeOf(slug: string): object | undefined {
  const size = doSize(slug);
  if (size && !SIZE_JSON.has(slug)) SIZE_JSON.set(slug, sizeJson(size));
  return SIZE_JSON.get(slug);
}

function imageOf(id: number): object | undefined {
  const image = doImage(id);
  if (image && !IMAGE_JSON.has(id)) IMAGE_JSON.set(id, imageJson(image));
  return IMAGE_JSON.get(id);
}

/** Addresses are there from the first boot on, and stay while the droplet is off. */
function networksOf(machine: Machine, plan: ViewContext['plan']): object[] {
  if (!machine.publicAddress) return [];
  return [
    network('private', machine.privateAddress, dropletSubnet(plan.privateCidr)),
    network('public', machine.publicAddress, plan.publicCidr),
  ];
}

function network(type: 'private' | 'public', address: string, cidr: string): object {
  const { first, size } = parseCidr(cidr);
  const netmask = toAddress(2 ** 32 - size);
  return { ip_address: address, netmask, gateway: toAddress(first + 1), type };
}
