import { randomUUID } from 'node:crypto';
import { accepted, noContent, ok, type Operation, type OperationContext } from '../operation';
import { DoError, notFound } from '../do.error';
import type { FirewallRecord } from '../do.records';
import { changeFirewall, readFirewall, tagged } from '../firewall-request';
import { pageOf } from '../pages';
import { firewallJson } from '../views';
import { requiredDroplet } from './droplets';

export const listFirewalls: Operation = (context) => {
  const { store, account, now } = context;
  return ok(
    pageOf(context, 'firewalls', store.firewalls(account), (each) => firewallJson(each, now)),
  );
};

export const createFirewall: Operation = (context) => {
  const { account, knobs, now } = context;
  const request = readFirewall(context);
  checkName(context, request.name);
  const call = { cloud: 'digital_ocean', account, action: 'firewalls.create' } as const;
  const firewall: FirewallRecord = {
    id: randomUUID(),
    account,
    name: request.name,
    createdAt: now,
    inbound: [],
    outbound: [],
    dropletIds: [],
    tags: [],
    pending: [],
    settlesAt: now,
    ...(knobs.nextError(call, true) && { fails: true }),
  };
  changeFirewall(context, firewall, request);
  return accepted({ firewall: firewallJson(firewall, now) });
};

export const getFirewall: Operation = (context) =>
  ok({ firewall: firewallJson(requiredFirewall(context), context.now) });

/** Replaces everything that the firewall says. */
export const updateFirewall: Operation = (context) => {
  const firewall = requiredFirewall(context);
  const request = readFirewall(context);
  checkName(context, request.name, firewall);
  changeFirewall(context, firewall, request);
  return ok({ firewall: firewallJson(firewall, context.now) });
};

export const deleteFirewall: Operation = (context) => {
  context.store.forgetFirewall(requiredFirewall(context));
  return noContent;
};

export const listDropletFirewalls: Operation = (context) => {
  const { store, account, now } = context;
  const { id } = requiredDroplet(context);
  const chosen = store
    .firewalls(account)
    .filter((each) => each.dropletIds.includes(id) || tagged(context, each.tags).includes(id));
  return ok(pageOf(context, 'firewalls', chosen, (each) => firewallJson(each, now)));
};

/** The firewall that the path names. @throws DoError 404 */
export function requiredFirewall({ store, account, path }: OperationContext): FirewallRecord {
  const found = store.firewalls(account).find(({ id }) => id === path.firewall);
  if (!found) throw notFound();
  return found;
}

function checkName({ store, account }: OperationContext, name: string, own?: FirewallRecord): void {
  if (store.firewalls(account).some((other) => other.name === name && other !== own))
    throw new DoError(409, 'conflict', 'duplicate name');
}
