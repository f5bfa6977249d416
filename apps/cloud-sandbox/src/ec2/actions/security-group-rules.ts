import type { Action, ActionContext } from '../action-context';
import { Ec2Error, notFound } from '../ec2.error';
import type { RuleRecord } from '../ec2.records';
import type { Params } from '../params';
import { readPermissions, ruleXml, samePermission } from '../security-rules';
import { newRuleId, requiredGroup } from './security-groups';

export const authorizeSecurityGroupIngress: Action = (context, params) =>
  authorize(context, params, false);
export const authorizeSecurityGroupEgress: Action = (context, params) =>
  authorize(context, params, true);
export const revokeSecurityGroupIngress: Action = (context, params) =>
  revoke(context, params, false);
export const revokeSecurityGroupEgress: Action = (context, params) => revoke(context, params, true);

/** All or nothing: one rule that is there already, and none is added. */
function authorize(context: ActionContext, params: Params, egress: boolean) {
  const { scope, store } = context;
  const group = requiredGroup(context, params);
  const added: RuleRecord[] = [];
  for (const permission of readPermissions(params)) {
    const target = permission.groupId;
    if (target && !store.groups(scope).some(({ groupId }) => groupId === target))
      throw notFound.group(target);
    const same = [...group.rules, ...added].some(
      (rule) => rule.egress === egress && samePermission(rule, permission),
    );
    if (same)
      throw new Ec2Error('InvalidPermission.Duplicate', 'The specified rule already exists');
    added.push({ ...permission, ruleId: newRuleId(), egress });
  }
  store.putGroup(Object.assign(group, { rules: [...group.rules, ...added] }));
  return {
    return: true,
    securityGroupRuleSet: added.map((rule) => ruleXml(rule, group.groupId, scope.account)),
  };
}

function revoke(context: ActionContext, params: Params, egress: boolean) {
  const { store } = context;
  const group = requiredGroup(context, params);
  const ids = params.list('SecurityGroupRuleId');
  const permissions = ids.length > 0 ? [] : readPermissions(params);
  const goes = (rule: RuleRecord) =>
    rule.egress === egress &&
    (ids.includes(rule.ruleId) || permissions.some((each) => samePermission(rule, each)));
  const revoked = group.rules.filter(goes);
  if (revoked.length < ids.length + permissions.length)
    throw new Ec2Error('InvalidPermission.NotFound', 'The specified rule does not exist');
  store.putGroup(Object.assign(group, { rules: group.rules.filter((rule) => !goes(rule)) }));
  return { return: true };
}
