import { randomBytes } from 'node:crypto';
import type { Action, ActionContext } from '../action-context';
import { Ec2Error, notFound } from '../ec2.error';
import type { SecurityGroupRecord } from '../ec2.records';
import { filterOf } from '../filters';
import { tagSet } from '../instance-view';
import { paginate } from '../pagination';
import type { Params } from '../params';
import { defaultVpcId } from '../regions';
import { allowAll, permissionsXml } from '../security-rules';
import { specifiedTags } from '../tags';

export const createSecurityGroup: Action = ({ scope, store }, params) => {
  const groupName = params.required('GroupName');
  const description = params.required('GroupDescription');
  const own = defaultVpcId(scope.account, scope.region);
  const vpcId = params.string('VpcId') ?? own;
  if (vpcId !== own) throw notFound.vpc(vpcId);
  if (groupName.length > 255 || groupName.startsWith('sg-'))
    throw new Ec2Error('InvalidParameterValue', 'GroupName is too long, or starts with sg-');
  if (store.groups(scope).some((group) => group.groupName === groupName))
    throw new Ec2Error(
      'InvalidGroup.Duplicate',
      `The security group '${groupName}' already exists for VPC '${vpcId}'`,
    );
  const tags = specifiedTags(params, 'security-group');
  const record: SecurityGroupRecord = {
    ...scope,
    groupId: `sg-0${randomBytes(8).toString('hex')}`,
    groupName,
    description,
    vpcId,
    rules: [allowAll(newRuleId())],
    tags,
  };
  store.putGroup(record);
  return { return: true, groupId: record.groupId, tagSet: tagSet(tags) };
};

export const deleteSecurityGroup: Action = (context, params) => {
  const { scope, store, machineStore } = context;
  const group = requiredGroup(context, params);
  if (group.groupName === 'default')
    throw new Ec2Error('CannotDelete', 'The default group cannot be deleted');
  const isUsed = store
    .instances(scope)
    .filter(({ groupIds }) => groupIds.includes(group.groupId))
    .some(({ instanceId }) => machineStore.find(instanceId)?.state !== 'deleted');
  const isNamed = store
    .groups(scope)
    .filter((other) => other.groupId !== group.groupId)
    .some(({ rules }) => rules.some(({ groupId }) => groupId === group.groupId));
  if (isUsed || isNamed)
    throw new Ec2Error('DependencyViolation', `resource ${group.groupId} has a dependent object`);
  store.forgetGroup(group);
  return { return: true, groupId: group.groupId };
};

export const describeSecurityGroups: Action = ({ scope, store }, params) => {
  const groups = store.groups(scope);
  const ids = params.list('GroupId');
  const names = params.list('GroupName');
  const missing =
    ids.find((id) => !groups.some(({ groupId }) => groupId === id)) ??
    names.find((name) => !groups.some(({ groupName }) => groupName === name));
  if (missing) throw notFound.group(missing);
  const inbound = ({ rules }: SecurityGroupRecord) => rules.filter(({ egress }) => !egress);
  const matches = filterOf<SecurityGroupRecord>(
    params,
    {
      'group-id': ({ groupId }) => [groupId],
      'group-name': ({ groupName }) => [groupName],
      description: ({ description }) => [description],
      'vpc-id': ({ vpcId }) => [vpcId],
      'owner-id': ({ account }) => [account],
      'ip-permission.protocol': (group) => inbound(group).map(({ protocol }) => protocol),
      'ip-permission.cidr': (group) => inbound(group).map(({ cidr }) => cidr),
      'ip-permission.group-id': (group) => inbound(group).map(({ groupId }) => groupId),
      'ip-permission.from-port': (group) => inbound(group).map((rule) => `${rule.fromPort}`),
      'ip-permission.to-port': (group) => inbound(group).map((rule) => `${rule.toPort}`),
    },
    ({ tags }) => tags,
  );
  const asked = ({ groupId, groupName }: SecurityGroupRecord) =>
    ids.length + names.length === 0 || ids.includes(groupId) || names.includes(groupName);
  const chosen = groups
    .filter(asked)
    .filter(matches)
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const page = paginate(params, chosen, ({ groupId }) => groupId);
  return { securityGroupInfo: page.items.map(groupXml), nextToken: page.nextToken };
};

/** The group that the request names, by id or, as in the default VPC, by name. */
export function requiredGroup(
  { scope, store }: ActionContext,
  params: Params,
): SecurityGroupRecord {
  const id = params.string('GroupId');
  const name = id ? undefined : params.string('GroupName');
  if (!id && !name)
    throw new Ec2Error('MissingParameter', 'The request must contain GroupId or GroupName');
  const found = store
    .groups(scope)
    .find((group) => group.groupId === id || group.groupName === name);
  if (!found) throw notFound.group(id ?? name ?? '');
  return found;
}

export function newRuleId(): string {
  return `sgr-0${randomBytes(8).toString('hex')}`;
}

function groupXml(group: SecurityGroupRecord) {
  const { account, rules } = group;
  const permissions = (egress: boolean) =>
    permissionsXml(
      rules.filter((rule) => rule.egress === egress),
      account,
    );
  return {
    ownerId: account,
    groupId: group.groupId,
    groupName: group.groupName,
    groupDescription: group.description,
    vpcId: group.vpcId,
    ipPermissions: permissions(false),
    ipPermissionsEgress: permissions(true),
    tagSet: tagSet(group.tags),
  };
}
