import type { Operation } from './operation';
import {
  createKey,
  deleteKey,
  getAccount,
  getKey,
  listKeys,
  updateKey,
} from './operations/account';
import { getImage, listImages, listRegions, listSizes } from './operations/catalogue';
import { createDroplets } from './operations/create-droplets';
import {
  getAction,
  getDropletAction,
  listActions,
  listDropletActions,
  postActionsByTag,
  postDropletAction,
} from './operations/droplet-actions';
import {
  deleteDroplet,
  deleteDropletsByTag,
  getDroplet,
  listDroplets,
} from './operations/droplets';
import {
  addFirewallDroplets,
  addFirewallRules,
  addFirewallTags,
  removeFirewallDroplets,
  removeFirewallRules,
  removeFirewallTags,
} from './operations/firewall-parts';
import {
  createFirewall,
  deleteFirewall,
  getFirewall,
  listDropletFirewalls,
  listFirewalls,
  updateFirewall,
} from './operations/firewalls';
import {
  createTag,
  deleteTag,
  getTag,
  listTags,
  tagResources,
  untagResources,
} from './operations/tags';

export interface Route {
  method: string;
  /** What knobs and counts call it. */
  action: string;
  run: Operation;
  path: Record<string, string>;
}

/** Method, path below /v2, the action's name, and what does it. The first match counts. */
const ROUTES: [method: string, path: string, action: string, run: Operation][] = [
  ['GET', 'account', 'account.get', getAccount],
  ['GET', 'account/keys', 'keys.list', listKeys],
  ['POST', 'account/keys', 'keys.create', createKey],
  ['GET', 'account/keys/{key}', 'keys.get', getKey],
  ['PUT', 'account/keys/{key}', 'keys.update', updateKey],
  ['DELETE', 'account/keys/{key}', 'keys.delete', deleteKey],
  ['GET', 'actions', 'actions.list', listActions],
  ['GET', 'actions/{action}', 'actions.get', getAction],
  ['GET', 'droplets', 'droplets.list', listDroplets],
  ['POST', 'droplets', 'droplets.create', createDroplets],
  ['DELETE', 'droplets', 'droplets.deleteByTag', deleteDropletsByTag],
  ['POST', 'droplets/actions', 'droplets.actionByTag', postActionsByTag],
  ['GET', 'droplets/{droplet}', 'droplets.get', getDroplet],
  ['DELETE', 'droplets/{droplet}', 'droplets.delete', deleteDroplet],
  ['GET', 'droplets/{droplet}/actions', 'droplets.listActions', listDropletActions],
  ['POST', 'droplets/{droplet}/actions', 'droplets.action', postDropletAction],
  ['GET', 'droplets/{droplet}/actions/{action}', 'droplets.getAction', getDropletAction],
  ['GET', 'droplets/{droplet}/firewalls', 'droplets.listFirewalls', listDropletFirewalls],
  ['GET', 'firewalls', 'firewalls.list', listFirewalls],
  ['POST', 'firewalls', 'firewalls.create', createFirewall],
  ['GET', 'firewalls/{firewall}', 'firewalls.get', getFirewall],
  ['PUT', 'firewalls/{firewall}', 'firewalls.update', updateFirewall],
  ['DELETE', 'firewalls/{firewall}', 'firewalls.delete', deleteFirewall],
  ['POST', 'firewalls/{firewall}/droplets', 'firewalls.addDroplets', addFirewallDroplets],
  ['DELETE', 'firewalls/{firewall}/droplets', 'firewalls.removeDroplets', removeFirewallDroplets],
  ['POST', 'firewalls/{firewall}/tags', 'firewalls.addTags', addFirewallTags],
  ['DELETE', 'firewalls/{firewall}/tags', 'firewalls.removeTags', removeFirewallTags],
  ['POST', 'firewalls/{firewall}/rules', 'firewalls.addRules', addFirewallRules],
  ['DELETE', 'firewalls/{firewall}/rules', 'firewalls.removeRules', removeFirewallRules],
  ['GET', 'images', 'images.list', listImages],
  ['GET', 'images/{image}', 'images.get', getImage],
  ['GET', 'regions', 'regions.list', listRegions],
  ['GET', 'sizes', 'sizes.list', listSizes],
  ['GET', 'tags', 'tags.list', listTags],
  ['POST', 'tags', 'tags.create', createTag],
  ['GET', 'tags/{tag}', 'tags.get', getTag],
  ['DELETE', 'tags/{tag}', 'tags.delete', deleteTag],
  ['POST', 'tags/{tag}/resources', 'tags.assign', tagResources],
  ['DELETE', 'tags/{tag}/resources', 'tags.unassign', untagResources],
];

const TABLE = ROUTES.map(([method, path, action, run]) => ({
  method,
  segments: path.split('/'),
  action,
  run,
}));

/** @param path below /v2, without a slash at its start @returns undefined where there is no such thing */
export function routeOf(method: string, path: string): Route | undefined {
  const given = path.replace(/\/$/, '').split('/');
  for (const { segments, action, run, ...route } of TABLE) {
    if (route.method !== method || segments.length !== given.length) continue;
    const values: Record<string, string> = {};
    const matches = segments.every((segment, index) => {
      const value = given[index] ?? '';
      if (!segment.startsWith('{')) return segment === value;
      values[segment.slice(1, -1)] = decode(value);
      return value !== '';
    });
    if (matches) return { method, action, run, path: values };
  }
  return undefined;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
