import type { ActionContext } from './action-context';
import { type Instance, instanceXml } from './instance-view';
import type { XmlObject } from './xml';

/** A reservation with some of its instances, as RunInstances and DescribeInstances show it. */
export function reservationXml(
  { store, scope }: ActionContext,
  reservationId: string,
  instances: readonly Instance[],
): XmlObject {
  const nameOf = groupNames(store, scope);
  return {
    reservationId,
    ownerId: scope.account,
    groupSet: [],
    instancesSet: instances.map((each) => instanceXml(each, nameOf)),
  };
}

function groupNames(store: ActionContext['store'], scope: ActionContext['scope']) {
  const names = new Map(store.groups(scope).map((group) => [group.groupId, group.groupName]));
  return (id: string) => names.get(id) ?? id;
}
