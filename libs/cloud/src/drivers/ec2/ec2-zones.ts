import {
  DescribeAvailabilityZonesCommand,
  paginateDescribeInstanceTypeOfferings,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { ec2Code } from './ec2-errors';

/** Zones of the client's region that are open and offer a size, by name. */
export async function readZones(client: EC2Client, size: string): Promise<string[]> {
  const [open, offering] = await Promise.all([openZones(client), offeringZones(client, size)]);
  return open.filter((zone) => offering?.has(zone) ?? true).sort();
}

async function openZones(client: EC2Client): Promise<string[]> {
  const { AvailabilityZones = [] } = await client.send(new DescribeAvailabilityZonesCommand({}));
  return AvailabilityZones.flatMap(({ ZoneName, State, ZoneType = 'availability-zone' }) =>
    // Local and Wavelength zones have no default subnet to launch into.
    ZoneName && State === 'available' && ZoneType === 'availability-zone' ? [ZoneName] : [],
  );
}

/** `undefined` where the cloud does not say: private clouds may not know the action. */
async function offeringZones(client: EC2Client, size: string): Promise<Set<string> | undefined> {
  const input = {
    LocationType: 'availability-zone' as const,
    Filters: [{ Name: 'instance-type', Values: [size] }],
  };
  const zones = new Set<string>();
  try {
    for await (const page of paginateDescribeInstanceTypeOfferings({ client }, input))
      for (const { Location } of page.InstanceTypeOfferings ?? [])
        if (Location) zones.add(Location);
    return zones;
  } catch (error) {
    if (ec2Code(error) === 'InvalidAction') return undefined;
    throw error;
  }
}
