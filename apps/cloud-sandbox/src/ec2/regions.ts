import { createHash } from 'node:crypto';
import { subnetAt } from '../machines/addresses';
import { Ec2Error } from './ec2.error';

export const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'] as const;
export type Region = (typeof REGIONS)[number];

const ZONE_LETTERS = ['a', 'b', 'c'];

export function isRegion(name: string): name is Region {
  return (REGIONS as readonly string[]).includes(name);
}

export function zonesOf(region: Region): string[] {
  return ZONE_LETTERS.map((letter) => region + letter);
}

/** `use1-az1`: the zone's name that is the same in every account. */
export function zoneId(zone: string): string {
  const [continent = '', direction = '', number = ''] = zone.slice(0, -1).split('-');
  return `${continent}${direction.charAt(0)}${number}-az${zone.charCodeAt(zone.length - 1) - 96}`;
}

/** An id of EC2's form that is the same on every machine for the same words. */
export function stableId(prefix: string, ...words: string[]): string {
  const hash = createHash('sha256').update(words.join('/')).digest('hex');
  return `${prefix}-0${hash.slice(0, 16)}`;
}

export interface Subnet {
  subnetId: string;
  vpcId: string;
  zone: string;
  cidr: string;
}

/** The id of the default VPC that an account has in a region. */
export function defaultVpcId(account: string, region: Region): string {
  return stableId('vpc', account, region);
}

/**
 * The default subnets, a /20 a zone as on AWS. Machines of every account and region share one
 * private network, so each zone has its own part of it.
 */
export function defaultSubnets(account: string, region: Region, cidr: string): Subnet[] {
  const vpcId = defaultVpcId(account, region);
  const first = REGIONS.indexOf(region) * ZONE_LETTERS.length;
  return zonesOf(region).map((zone, index) => ({
    subnetId: stableId('subnet', account, zone),
    vpcId,
    zone,
    cidr: subnetAt(cidr, 20, first + index),
  }));
}

/** @throws InvalidParameterValue */
export function checkZone(region: Region, zone: string): void {
  if (!zonesOf(region).includes(zone))
    throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
}
