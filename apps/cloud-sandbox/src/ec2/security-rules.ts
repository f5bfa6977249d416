import { Ec2Error, invalidValue } from './ec2.error';
import type { Permission, RuleRecord } from './ec2.records';
import type { Params } from './params';
import type { XmlObject } from './xml';

const PROTOCOLS: Record<string, string> = { '6': 'tcp', '17': 'udp', '1': 'icmp', all: '-1' };
const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/([0-9]|[12][0-9]|3[0-2])$/;

export function allowAll(ruleId: string): RuleRecord {
  return { ruleId, egress: true, protocol: '-1', cidr: '0.0.0.0/0' };
}

/**
 * `IpPermissions.N` and the short form of one rule, as one permission a source.
 * @throws MissingParameter, InvalidParameterValue, InvalidPermission.Malformed
 */
export function readPermissions(params: Params): Permission[] {
  const given = params.structs('IpPermissions');
  if (given.length > 0) return given.flatMap(readPermission);
  const protocol = protocolOf(params.required('IpProtocol'));
  const source = params.string('SourceSecurityGroupId');
  const target = source ? { groupId: source } : { cidr: checkCidr(params.required('CidrIp')) };
  return [{ ...readPorts(params, protocol), ...target }];
}

/** Whether two permissions say the same, whatever their descriptions. */
export function samePermission(a: Permission, b: Permission): boolean {
  return (['protocol', 'fromPort', 'toPort', 'cidr', 'cidr6', 'groupId'] as const).every(
    (field) => a[field] === b[field],
  );
}

/** Rules as DescribeSecurityGroups lists them: those with the same ports together. */
export function permissionsXml(rules: readonly RuleRecord[], account: string): XmlObject[] {
  const byPorts = new Map<string, RuleRecord[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), rule]);
  }
  return [...byPorts.values()].map((group) => ({
    ipProtocol: group[0]?.protocol,
    fromPort: group[0]?.fromPort,
    toPort: group[0]?.toPort,
    groups: group
      .filter(({ groupId }) => groupId)
      .map(({ groupId, description }) => ({ userId: account, groupId, description })),
    ipRanges: group
      .filter(({ cidr }) => cidr)
      .map(({ cidr, description }) => ({ cidrIp: cidr, description })),
    ipv6Ranges: group
      .filter(({ cidr6 }) => cidr6)
      .map(({ cidr6, description }) => ({ cidrIpv6: cidr6, description })),
    prefixListIds: [],
  }));
}

/** Rules as Authorize answers them. */
export function ruleXml(rule: RuleRecord, groupId: string, account: string): XmlObject {
  return {
    securityGroupRuleId: rule.ruleId,
    groupId,
    groupOwnerId: account,
    isEgress: rule.egress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort ?? -1,
    toPort: rule.toPort ?? -1,
    cidrIpv4: rule.cidr,
    cidrIpv6: rule.cidr6,
    referencedGroupInfo: rule.groupId ? { groupId: rule.groupId, userId: account } : undefined,
    description: rule.description,
  };
}

function readPermission(params: Params): Permission[] {
  const ports = readPorts(params, protocolOf(params.required('IpProtocol')));
  const described = (source: Params, target: Partial<Permission>): Permission => {
    const description = source.string('Description');
    return { ...ports, ...target, ...(description && { description }) };
  };
  const found = [
    ...params
      .structs('IpRanges')
      .map((range) => described(range, { cidr: checkCidr(range.required('CidrIp')) })),
    ...params
      .structs('Ipv6Ranges')
      .map((range) => described(range, { cidr6: range.required('CidrIpv6') })),
    ...params
      .structs('Groups')
      .map((group) => described(group, { groupId: group.required('GroupId') })),
  ];
  if (found.length === 0)
    throw new Ec2Error('InvalidParameterValue', 'A permission names no source or destination');
  return found;
}

function readPorts(params: Params, protocol: string): Permission {
  if (protocol === '-1') return { protocol };
  const max = protocol === 'icmp' || protocol === 'icmpv6' ? 255 : 65_535;
  const fromPort = params.integer('FromPort', { min: -1, max });
  const toPort = params.integer('ToPort', { min: -1, max });
  if (protocol !== 'tcp' && protocol !== 'udp') return { protocol, fromPort, toPort };
  if (fromPort === undefined || toPort === undefined)
    throw new Ec2Error('MissingParameter', 'TCP and UDP rules need FromPort and ToPort');
  if (fromPort > toPort || fromPort < 0)
    throw invalidValue(`${fromPort}-${toPort}`, 'PortRange', 'Invalid TCP/UDP port range');
  return { protocol, fromPort, toPort };
}

function protocolOf(text: string): string {
  const name = PROTOCOLS[text.toLowerCase()] ?? text.toLowerCase();
  const isNumber = /^\d+$/.test(name) && Number(name) < 256;
  if (isNumber || ['tcp', 'udp', 'icmp', 'icmpv6', '-1'].includes(name)) return name;
  throw new Ec2Error('InvalidPermission.Malformed', `Invalid IP protocol ${text}`);
}

function checkCidr(text: string): string {
  if (CIDR.test(text)) return text;
  throw new Ec2Error('InvalidParameterValue', `CIDR block ${text} is malformed`);
}
