import type { Action } from '../action-context';
import { Ec2Error, invalidValue, notFound } from '../ec2.error';
import { filterOf } from '../filters';
import { type Image, imagesOf } from '../images';
import { INSTANCE_TYPES, type InstanceType, isOffered } from '../instance-types';
import { paginate } from '../pagination';
import { REGIONS, zoneId, zonesOf } from '../regions';

export const describeRegions: Action = (_, params) => {
  const names = params.list('RegionName');
  const unknown = names.find((name) => !(REGIONS as readonly string[]).includes(name));
  if (unknown) throw new Ec2Error('InvalidParameterValue', `Invalid region provided: ${unknown}`);
  const regions = REGIONS.map((name) => ({ name, endpoint: `ec2.${name}.amazonaws.com` }));
  const matches = filterOf<(typeof regions)[number]>(params, {
    'region-name': ({ name }) => [name],
    endpoint: ({ endpoint }) => [endpoint],
    'opt-in-status': () => ['opt-in-not-required'],
  });
  return {
    regionInfo: regions
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .filter(matches)
      .map(({ name, endpoint }) => ({
        regionName: name,
        regionEndpoint: endpoint,
        optInStatus: 'opt-in-not-required',
      })),
  };
};

export const describeAvailabilityZones: Action = ({ scope }, params) => {
  const names = params.list('ZoneName');
  const matches = filterOf<string>(params, {
    'zone-name': (zone) => [zone],
    'zone-id': (zone) => [zoneId(zone)],
    'zone-type': () => ['availability-zone'],
    'region-name': () => [scope.region],
    'opt-in-status': () => ['opt-in-not-required'],
    state: () => ['available'],
  });
  return {
    availabilityZoneInfo: zonesOf(scope.region)
      .filter((zone) => names.length === 0 || names.includes(zone))
      .filter(matches)
      .map((zone) => ({
        zoneName: zone,
        zoneId: zoneId(zone),
        zoneState: 'available',
        zoneType: 'availability-zone',
        regionName: scope.region,
        groupName: scope.region,
        networkBorderGroup: scope.region,
        optInStatus: 'opt-in-not-required',
        messageSet: [],
      })),
  };
};

export const describeImages: Action = ({ scope }, params) => {
  const all = imagesOf(scope.region);
  const ids = params.list('ImageId');
  const missing = ids.find((id) => !all.some(({ imageId }) => imageId === id));
  if (missing) throw notFound.image(missing);
  const owners = params.list('Owner');
  const matches = filterOf<Image>(
    params,
    {
      'image-id': ({ imageId }) => [imageId],
      name: ({ name }) => [name],
      description: ({ description }) => [description],
      'owner-id': ({ ownerId }) => [ownerId],
      architecture: ({ architecture }) => [architecture],
      'creation-date': ({ creationDate }) => [creationDate],
      state: () => ['available'],
      'image-type': () => ['machine'],
      'is-public': () => ['true'],
      'root-device-type': () => ['ebs'],
      'virtualization-type': () => ['hvm'],
      hypervisor: () => ['xen'],
      'ena-support': () => ['true'],
    },
    () => ({}),
  );
  const chosen = all
    .filter(({ imageId }) => ids.length === 0 || ids.includes(imageId))
    .filter(({ ownerId }) => owners.length === 0 || owners.includes(ownerId))
    .filter(matches);
  const page = paginate(params, chosen, ({ name }) => name, { min: 1, max: 1000 });
  return {
    imagesSet: page.items.map((image) => ({
      imageId: image.imageId,
      imageLocation: `${image.ownerId}/${image.name}`,
      imageState: 'available',
      imageOwnerId: image.ownerId,
      isPublic: true,
      architecture: image.architecture,
      imageType: 'machine',
      name: image.name,
      description: image.description,
      rootDeviceType: 'ebs',
      rootDeviceName: '/dev/xvda',
      blockDeviceMapping: [],
      virtualizationType: 'hvm',
      hypervisor: 'xen',
      enaSupport: true,
      creationDate: image.creationDate,
      platformDetails: 'Linux/UNIX',
    })),
    nextToken: page.nextToken,
  };
};

export const describeInstanceTypes: Action = (_, params) => {
  const names = params.list('InstanceType');
  const unknown = names.filter((name) => !INSTANCE_TYPES.some((type) => type.name === name));
  if (unknown.length > 0)
    throw new Ec2Error(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  const matches = filterOf<InstanceType>(params, {
    'instance-type': ({ name }) => [name],
    'current-generation': ({ current }) => [String(current)],
    'burstable-performance-supported': ({ burstable }) => [String(burstable)],
    'processor-info.supported-architecture': () => ['x86_64'],
    'vcpu-info.default-vcpus': ({ vcpus }) => [String(vcpus)],
    'memory-info.size-in-mib': ({ memoryMiB }) => [String(memoryMiB)],
    'bare-metal': () => ['false'],
    hypervisor: () => ['nitro'],
    'supported-usage-class': () => ['on-demand'],
    'supported-virtualization-type': () => ['hvm'],
  });
  const chosen = INSTANCE_TYPES.filter(({ name }) => names.length === 0 || names.includes(name))
    .filter(matches)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = paginate(params, chosen, ({ name }) => name, { min: 5, max: 100 });
  return { instanceTypeSet: page.items.map(typeXml), nextToken: page.nextToken };
};

interface Offering {
  type: InstanceType;
  location: string;
}

/** Which types are offered where; by region unless another LocationType is asked for. */
export const describeInstanceTypeOfferings: Action = ({ scope }, params) => {
  const locationType = params.string('LocationType') ?? 'region';
  const nameOf = { 'availability-zone': (zone: string) => zone, 'availability-zone-id': zoneId }[
    locationType
  ];
  if (!nameOf && locationType !== 'region') throw invalidValue(locationType, 'LocationType');
  const all = INSTANCE_TYPES.flatMap((type): Offering[] =>
    nameOf
      ? zonesOf(scope.region)
          .filter((zone) => isOffered(type, zone))
          .map((zone) => ({ type, location: nameOf(zone) }))
      : [{ type, location: scope.region }],
  );
  const matches = filterOf<Offering>(params, {
    'instance-type': ({ type }) => [type.name],
    location: ({ location }) => [location],
  });
  const keyOf = ({ type, location }: Offering) => `${type.name} ${location}`;
  const chosen = all.filter(matches).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = paginate(params, chosen, keyOf);
  const instanceTypeOfferingSet = page.items.map(({ type, location }) => ({
    instanceType: type.name,
    locationType,
    location,
  }));
  return { instanceTypeOfferingSet, nextToken: page.nextToken };
};

function typeXml(type: InstanceType) {
  return {
    instanceType: type.name,
    currentGeneration: type.current,
    freeTierEligible: type.name.endsWith('.micro'),
    supportedUsageClasses: ['on-demand'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: type.current ? 'nitro' : 'xen',
    processorInfo: {
      supportedArchitectures: ['x86_64'],
      sustainedClockSpeedInGhz: type.clockGhz,
      manufacturer: 'Intel',
    },
    vCpuInfo: {
      defaultVCpus: type.vcpus,
      defaultCores: type.cores,
      defaultThreadsPerCore: type.vcpus / type.cores,
    },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    instanceStorageSupported: false,
    networkInfo: { networkPerformance: type.network, enaSupport: 'supported' },
    burstablePerformanceSupported: type.burstable,
  };
}
