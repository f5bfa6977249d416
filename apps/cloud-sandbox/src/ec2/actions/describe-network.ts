import type { Action } from '../action-context';
import { notFound } from '../ec2.error';
import { filterOf } from '../filters';
import { paginate } from '../pagination';
import { defaultSubnets, defaultVpcId, type Subnet, zoneId } from '../regions';

/** The one VPC is the default one. */
export const describeVpcs: Action = ({ scope, plan }, params) => {
  const vpcId = defaultVpcId(scope.account, scope.region);
  const unknown = params.list('VpcId').find((id) => id !== vpcId);
  if (unknown) throw notFound.vpc(unknown);
  const matches = filterOf<string>(
    params,
    {
      'vpc-id': (id) => [id],
      cidr: () => [plan.privateCidr],
      'cidr-block-association.cidr-block': () => [plan.privateCidr],
      'is-default': () => ['true'],
      isDefault: () => ['true'],
      'owner-id': () => [scope.account],
      state: () => ['available'],
    },
    () => ({}),
  );
  const page = paginate(params, [vpcId].filter(matches), (id) => id);
  return {
    vpcSet: page.items.map((id) => ({
      vpcId: id,
      ownerId: scope.account,
      state: 'available',
      cidrBlock: plan.privateCidr,
      instanceTenancy: 'default',
      isDefault: true,
      tagSet: [],
    })),
    nextToken: page.nextToken,
  };
};

export const describeSubnets: Action = ({ scope, plan, machineStore }, params) => {
  const all = defaultSubnets(scope.account, scope.region, plan.privateCidr);
  const ids = params.list('SubnetId');
  const missing = ids.find((id) => !all.some(({ subnetId }) => subnetId === id));
  if (missing) throw notFound.subnet(missing);
  const matches = filterOf<Subnet>(
    params,
    {
      'subnet-id': ({ subnetId }) => [subnetId],
      'vpc-id': ({ vpcId }) => [vpcId],
      'availability-zone': ({ zone }) => [zone],
      'availability-zone-id': ({ zone }) => [zoneId(zone)],
      'cidr-block': ({ cidr }) => [cidr],
      'default-for-az': () => ['true'],
      'map-public-ip-on-launch': () => ['true'],
      'owner-id': () => [scope.account],
      state: () => ['available'],
    },
    () => ({}),
  );
  const chosen = all
    .filter(({ subnetId }) => ids.length === 0 || ids.includes(subnetId))
    .filter(matches);
  const page = paginate(params, chosen, ({ zone }) => zone);
  return {
    subnetSet: page.items.map(({ subnetId, vpcId, zone, cidr }) => ({
      subnetId,
      vpcId,
      ownerId: scope.account,
      state: 'available',
      cidrBlock: cidr,
      availableIpAddressCount: machineStore.freePrivate(cidr),
      availabilityZone: zone,
      availabilityZoneId: zoneId(zone),
      defaultForAz: true,
      mapPublicIpOnLaunch: true,
      tagSet: [],
    })),
    nextToken: page.nextToken,
  };
};
