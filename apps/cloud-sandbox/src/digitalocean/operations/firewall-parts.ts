import { unprocessable } from '../do.error';
import type { FirewallRecord, FirewallRule } from '../do.records';
import { Fields } from '../fields';
import { changeFirewall, existingTags, readRules } from '../firewall-request';
import { noContent, type Operation } from '../operation';
import { dropletById } from './droplets';
import { requiredFirewall } from './firewalls';

/** An operation that changes a part of a firewall; asynchronous, as every change of one. */
const changes =
  (
    change: (
      context: Parameters<Operation>[0],
      firewall: FirewallRecord,
    ) => Partial<FirewallRecord>,
  ): Operation =>
  (context) => {
    const firewall = requiredFirewall(context);
    changeFirewall(context, firewall, change(context, firewall));
    return noContent;
  };

export const addFirewallDroplets = changes((context, { dropletIds }) => {
  const ids = readDroplets(context.body);
  for (const id of ids) dropletById(context, id);
  return { dropletIds: [...new Set([...dropletIds, ...ids])] };
});

export const removeFirewallDroplets = changes((context, { dropletIds }) => {
  const ids = readDroplets(context.body);
  return { dropletIds: dropletIds.filter((id) => !ids.includes(id)) };
});

export const addFirewallTags = changes((context, { tags }) => ({
  tags: [...new Set([...tags, ...existingTags(context, new Fields(context.body).strings('tags'))])],
}));

export const removeFirewallTags = changes((context, { tags }) => {
  const names = new Fields(context.body).strings('tags').map((name) => name.toLowerCase());
  return { tags: tags.filter((name) => !names.includes(name.toLowerCase())) };
});

export const addFirewallRules = changes((context, { inbound, outbound }) => {
  const more = readRules(context);
  return {
    inbound: [...inbound, ...more.inbound.filter((rule) => !has(inbound, rule))],
    outbound: [...outbound, ...more.outbound.filter((rule) => !has(outbound, rule))],
  };
});

export const removeFirewallRules = changes((context, { inbound, outbound }) => {
  const less = readRules(context);
  return {
    inbound: inbound.filter((rule) => !has(less.inbound, rule)),
    outbound: outbound.filter((rule) => !has(less.outbound, rule)),
  };
});

function readDroplets(body: unknown): number[] {
  const ids = new Fields(body).integers('droplet_ids');
  if (ids.length === 0) throw unprocessable("droplet_ids can't be blank");
  return ids;
}

function has(rules: readonly FirewallRule[], rule: FirewallRule): boolean {
  const text = JSON.stringify(rule);
  return rules.some((other) => JSON.stringify(other) === text);
}
