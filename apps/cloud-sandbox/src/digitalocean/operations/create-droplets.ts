import type { MachineFailure } from '../../machines/machine';
import { unprocessable } from '../do.error';
import type { ActionRecord, DropletRecord } from '../do.records';
import { machineIdOf } from '../do-store';
import { type DropletRequest, readDropletRequest, sizeUnavailable } from '../droplet-request';
import { accepted, type Operation, type OperationContext } from '../operation';
import { dropletSubnet } from '../regions';
import { dropletJson } from '../views';
import { dropletLimit } from './account';

const VIRTUAL_MARK = 'cloudhero:virtual';

/**
 * Makes droplets, each time it is called: there is nothing by which DigitalOcean would know a call
 * that comes a second time. 202 says that they were accepted; their actions tell what became of them.
 */
export const createDroplets: Operation = (context) => {
  const { store, account, knobs, machines, runner, now, url } = context;
  const request = readDropletRequest(context);
  if (store.dropletCount(account) + request.names.length > dropletLimit(context))
    throw unprocessable('creating this/these droplet(s) will exceed your droplet limit');
  const place = { account, size: request.size.slug, region: request.region };
  const exhausted = knobs.exhausted({ cloud: 'digital_ocean', ...place });
  if (exhausted && !exhausted.asynchronous) throw sizeUnavailable();
  const failure = failureOf(context, exhausted !== undefined);
  for (const tag of request.tags) store.ensureTag(account, tag);
  const droplets = request.names.map((name) => addDroplet(context, request, name));
  const addresses = takeAddresses(context, droplets.length);
  const virtual = isVirtual(context, request);
  const actions = droplets.map((droplet) => runner.begin(droplet, 'create', now));
  const specs = droplets.map((droplet, index) => ({
    id: machineIdOf(droplet.id),
    virtual,
    // The kernel takes no more than 64 characters.
    hostname: droplet.name.slice(0, 63),
    privateAddress: addresses[index] ?? '',
    // Nobody reads it in a machine without a container, and it is most of a record.
    userData: virtual ? undefined : Buffer.from(request.userData ?? '').toString('base64'),
    publicKeys: request.publicKeys,
    onShutdown: 'stop' as const,
    keepsPublicAddress: true,
    rootLogin: true,
    failure,
  }));
  machines.launch(specs, now);
  const shown = droplets.map((droplet) => dropletJson(context, droplet));
  const links = { actions: actions.map((action) => linkOf(action, request.isMulti, url)) };
  return accepted(request.isMulti ? { droplets: shown, links } : { droplet: shown[0], links });
};

function addDroplet(
  { store, account, knobs, now }: OperationContext,
  request: DropletRequest,
  name: string,
): DropletRecord {
  const droplet: DropletRecord = {
    id: store.nextId('droplet'),
    account,
    name,
    region: request.region,
    size: request.size.slug,
    imageId: request.image.id,
    vpcUuid: request.vpcUuid,
    tags: request.tags.map((tag) => store.ensureTag(account, tag).name),
    tagsAt: now + knobs.current.tagDelayMs,
    visibleAt: now + knobs.current.visibilityDelayMs,
    createdAt: now,
  };
  store.putDroplet(droplet);
  return droplet;
}

function takeAddresses({ machineStore, plan }: OperationContext, count: number): string[] {
  const cidr = dropletSubnet(plan.privateCidr);
  return Array.from({ length: count }, () => machineStore.takePrivate(cidr) ?? '');
}

function isVirtual({ host, knobs }: OperationContext, { tags, userData }: DropletRequest) {
  if (!host || knobs.current.virtual || tags.includes(VIRTUAL_MARK)) return true;
  return userData?.includes(`${VIRTUAL_MARK}=true`) ?? false;
}

/** Why the machines are never to come to be, if so; their actions end errored then. */
function failureOf(
  { account, knobs }: OperationContext,
  isExhausted: boolean,
): MachineFailure | undefined {
  if (isExhausted) return { code: 'exhausted', message: 'No capacity, says a knob' };
  const call = { cloud: 'digital_ocean', account, action: 'droplets.create' } as const;
  const knob = knobs.nextError(call, true);
  return knob && { code: knob.code, message: knob.message ?? 'injected by a knob' };
}

function linkOf(action: ActionRecord, isMulti: boolean, url: string) {
  return {
    id: action.id,
    rel: isMulti ? 'multiple_create' : 'create',
    href: url.replace(/\/droplets$/, `/actions/${action.id}`),
  };
}
