import type { Sealer } from '@cloudhero/secrets';
import type { Call } from '../http/call';
import type { Action } from '../routing/route-table';
import {
  commit,
  container,
  inspectContainer,
  removeContainer,
  renameContainer,
} from './container.handlers';
import { createContainer } from './create-container.handler';
import { everywhere } from './everywhere.handlers';
import { createExec, exec } from './exec.handlers';
import { exportImages, image, onAllHolders } from './image.handlers';
import {
  diskUsage,
  listContainers,
  listImages,
  listNetworks,
  listVolumes,
  prune,
  pruneContainers,
} from './list.handlers';
import { pushImage } from './push-image.handler';
import { anyNode, build, deny, denyMembership, manager } from './simple.handlers';
import { events, info, ping, version } from './system.handlers';
import {
  createNetwork,
  createVolume,
  network,
  networkMember,
  volume,
} from './volume-network.handlers';

export type Handler = (call: Call) => void | Promise<void>;

/** What is done for each action of the route table. */
export function createHandlers(sealer: Sealer): Record<Action, Handler> {
  return {
    ping,
    'any-node': anyNode,
    manager,
    'deny-membership': denyMembership,
    deny,
    container,
    'container-inspect': inspectContainer,
    'container-remove': removeContainer,
    'container-rename': renameContainer,
    'container-create': createContainer,
    'container-list': listContainers,
    'container-prune': pruneContainers,
    commit,
    'exec-create': createExec,
    exec,
    image,
    'image-list': listImages,
    'image-all-holders': onAllHolders,
    'image-pull': everywhere(sealer),
    'image-load': everywhere(sealer),
    'image-export': exportImages,
    'image-push': pushImage(sealer),
    build,
    volume,
    'volume-list': listVolumes,
    'volume-create': createVolume,
    network,
    'network-list': listNetworks,
    'network-create': createNetwork,
    'network-member': networkMember,
    prune,
    info,
    version,
    events,
    'disk-usage': diskUsage,
  };
}
