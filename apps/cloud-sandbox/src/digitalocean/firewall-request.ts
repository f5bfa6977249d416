import { unprocessable } from './do.error';
import type { FirewallRecord, FirewallRule, FirewallTarget } from './do.records';
import { Fields } from './fields';
import type { OperationContext } from './operation';
import { dropletById } from './operations/droplets';
import { tagsOf } from './views';

type Content = Pick<FirewallRecord, 'name' | 'inbound' | 'outbound' | 'dropletIds' | 'tags'>;

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9.-]+$/;
const PORTS = /^(all|\d{1,5}(-\d{1,5})?)$/;
const CIDR = /^[0-9a-fA-F.:]+(\/\d{1,3})?$/;
const TARGET_LISTS = ['addresses', 'load_balancer_uids', 'kubernetes_ids', 'tags'] as const;
const MAX_DROPLETS = 10;
const MAX_TAGS = 5;

/** The body of a create or an update. @throws DoError 422, 404 for a droplet that is not there */
export function readFirewall(context: OperationContext): Content {
  const fields = new Fields(context.body);
  const name = fields.required('name');
  if (!NAME.test(name)) throw unprocessable('name is invalid');
  const dropletIds = [...new Set(fields.integers('droplet_ids'))];
  for (const id of dropletIds) dropletById(context, id);
  const rules = readRules(context);
  return { name, ...rules, dropletIds, tags: existingTags(context, fields.strings('tags')) };
}

/** `inbound_rules` and `outbound_rules`, one of which must be there. @throws DoError 422 */
export function readRules(context: OperationContext): Pick<Content, 'inbound' | 'outbound'> {
  const fields = new Fields(context.body);
  const read = (list: string, direction: string) =>
    fields.objects(list).map((rule) => readRule(context, rule, direction));
  const inbound = read('inbound_rules', 'sources');
  const outbound = read('outbound_rules', 'destinations');
  if (inbound.length + outbound.length === 0) throw unprocessable('must have at least one rule');
  return { inbound, outbound };
}

/** Tags as they are written. A firewall's must be there already. @throws DoError 422 */
export function existingTags({ store, account }: OperationContext, names: readonly string[]) {
  return names.map((name) => {
    const tag = store.tag(account, name);
    if (!tag) throw unprocessable(`tag ${name} does not exist`);
    return tag.name;
  });
}

/** Keeps a firewall's new content; its droplets follow after a while. @throws DoError 422 */
export function changeFirewall(
  context: OperationContext,
  firewall: FirewallRecord,
  change: Partial<Content>,
): void {
  const { store, knobs, now } = context;
  const before = membersOf(context, firewall);
  const next = { ...firewall, ...change };
  if (next.dropletIds.length > MAX_DROPLETS)
    throw unprocessable(`a firewall can have at most ${MAX_DROPLETS} droplets`);
  if (next.tags.length > MAX_TAGS)
    throw unprocessable(`a firewall can have at most ${MAX_TAGS} tags`);
  const after = new Set(membersOf(context, next));
  const gone = before.filter((id) => !after.has(id));
  const pending = [
    ...[...after].map((id) => ({ droplet_id: id, removing: false })),
    ...gone.map((id) => ({ droplet_id: id, removing: true })),
  ];
  const settlesAt = now + knobs.current.firewallDelayMs;
  store.putFirewall(Object.assign(firewall, change, { pending, settlesAt }));
}

/** Ids of the droplets that have one of the tags by now. */
export function tagged(
  { store, account, now }: OperationContext,
  tags: readonly string[],
): number[] {
  if (tags.length === 0) return [];
  return [...store.droplets(account)]
    .filter((droplet) => tagsOf(droplet, now).some((tag) => tags.includes(tag)))
    .map(({ id }) => id);
}

function membersOf(context: OperationContext, firewall: FirewallRecord): number[] {
  return [...new Set([...firewall.dropletIds, ...tagged(context, firewall.tags)])];
}

function readRule(context: OperationContext, rule: Fields, direction: string): FirewallRule {
  const protocol = rule.required('protocol');
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp')
    throw unprocessable(`${protocol} is not a protocol of firewalls`);
  const ports = String(rule.name('ports') ?? (protocol === 'icmp' ? '0' : ''));
  if (!PORTS.test(ports)) throw unprocessable('ports are invalid');
  const target = readTarget(context, rule.object(direction));
  if (Object.keys(target).length === 0) throw unprocessable(`${direction} can't be blank`);
  return { protocol, ports: ports === 'all' ? '0' : ports, target };
}

function readTarget(context: OperationContext, fields: Fields): FirewallTarget {
  const target: FirewallTarget = {};
  for (const list of TARGET_LISTS) {
    const values = fields.strings(list);
    if (values.length > 0) target[list] = values;
  }
  const ids = fields.integers('droplet_ids');
  if (ids.length > 0) target.droplet_ids = ids;
  const wrong = target.addresses?.find((address) => !CIDR.test(address));
  if (wrong) throw unprocessable(`${wrong} is not an address`);
  if (target.tags) target.tags = existingTags(context, target.tags);
  return target;
}
