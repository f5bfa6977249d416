import type { Action, ActionContext } from '../action-context';
import { Ec2Error, notFound } from '../ec2.error';
import type { VolumeRecord } from '../ec2.records';
import { filterOf } from '../filters';
import { ROOT_DEVICE, tagSet } from '../instance-view';
import { paginate } from '../pagination';
import type { XmlObject } from '../xml';

/** Of the machine image. */
const SIZE_GIB = 8;
const TYPE = 'gp3';

export const describeVolumes: Action = (context, params) => {
  const ids = new Set(params.list('VolumeId'));
  for (const id of ids) requiredVolume(context, id);
  const attached = (volume: VolumeRecord, value: string) =>
    isAttached(context, volume) ? [value] : [];
  const matches = filterOf<VolumeRecord>(
    params,
    {
      'volume-id': ({ volumeId }) => [volumeId],
      status: (volume) => [isAttached(context, volume) ? 'in-use' : 'available'],
      size: () => [String(SIZE_GIB)],
      'volume-type': () => [TYPE],
      'availability-zone': ({ zone }) => [zone],
      'create-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
      'attachment.instance-id': (volume) => attached(volume, volume.instanceId),
      'attachment.delete-on-termination': (volume) =>
        attached(volume, String(volume.deleteOnTermination)),
    },
    ({ tags }) => tags,
  );
  const chosen = context.store
    .volumes(context.scope)
    .filter(({ volumeId }) => ids.size === 0 || ids.has(volumeId))
    .filter(matches)
    .sort((a, b) => (a.volumeId < b.volumeId ? -1 : 1));
  const page = paginate(params, chosen, ({ volumeId }) => volumeId);
  return {
    volumeSet: page.items.map((volume) => volumeXml(context, volume)),
    nextToken: page.nextToken,
  };
};

export const deleteVolume: Action = (context, params) => {
  const volume = requiredVolume(context, params.required('VolumeId'));
  const { volumeId, instanceId } = volume;
  if (isAttached(context, volume))
    throw new Ec2Error('VolumeInUse', `Volume ${volumeId} is currently attached to ${instanceId}`);
  context.store.forgetVolume(volume);
  return { return: true };
};

/** @throws InvalidVolume.NotFound */
export function requiredVolume(
  { store, scope }: Pick<ActionContext, 'store' | 'scope'>,
  id: string,
): VolumeRecord {
  const found = store.volume(id);
  if (found?.account !== scope.account || found.region !== scope.region) throw notFound.volume(id);
  return found;
}

function isAttached({ machineStore }: ActionContext, { instanceId }: VolumeRecord): boolean {
  const state = machineStore.find(instanceId)?.state ?? 'deleted';
  return state !== 'deleted';
}

function volumeXml(context: ActionContext, volume: VolumeRecord): XmlObject {
  const { volumeId, instanceId, zone, deleteOnTermination } = volume;
  const createTime = new Date(volume.createdAt).toISOString();
  const inUse = isAttached(context, volume);
  const attachment = {
    volumeId,
    instanceId,
    device: ROOT_DEVICE,
    status: 'attached',
    attachTime: createTime,
    deleteOnTermination,
  };
  return {
    volumeId,
    size: SIZE_GIB,
    snapshotId: '',
    availabilityZone: zone,
    status: inUse ? 'in-use' : 'available',
    createTime,
    attachmentSet: inUse ? [attachment] : [],
    tagSet: tagSet(volume.tags),
    volumeType: TYPE,
    iops: 3000,
    throughput: 125,
    encrypted: false,
    multiAttachEnabled: false,
  };
}
