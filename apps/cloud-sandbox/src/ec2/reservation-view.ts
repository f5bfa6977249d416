import type { ActionContext } from './action-context';
import { type Instance, instanceXml } from './instance-view';
import type { XmlObject } from './xml';

/**
 * Shows reservations with some of their instances, as RunInstances and DescribeInstances do. Made
 * once for an answer, so that the groups' names are looked up once.
 */
export function reservationView({ store, scope }: ActionContext) {
  const names = new Map(store.groups(scope).map((group) => [group.groupId, group.groupName]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return (reservationId: string, instances: readonly Instance[]): XmlObject => ({
    reservationId,
    ownerId: scope.account,
    groupSet: [],
    instancesSet: instances.map((each) =>
      instanceXml(each, nameOf, store.volume(each.volumeId ?? '')),
    ),
  });
}
