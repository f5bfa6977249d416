import {
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { CloudHeroError } from '@cloudhero/domain';
import { ec2Code } from './ec2-errors';

/** Debian's own account at AWS: https://wiki.debian.org/Cloud/AmazonEC2Image */
const DEBIAN_OWNER = '136693071363';
const RELEASE = '12';

/**
 * The newest official Debian image for a size's processor, from the cloud itself. Asked by owner and
 * name rather than through SSM's parameters: that needs no further permission or client.
 */
export async function findDebianImage(
  client: EC2Client,
  region: string,
  size: string,
): Promise<string> {
  const architecture = await processorOf(client, region, size);
  const suffix = architecture === 'arm64' ? 'arm64' : 'amd64';
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({
      Owners: [DEBIAN_OWNER],
      Filters: [
        { Name: 'name', Values: [`debian-${RELEASE}-${suffix}-*`] },
        { Name: 'architecture', Values: [architecture] },
        { Name: 'state', Values: ['available'] },
        { Name: 'virtualization-type', Values: ['hvm'] },
      ],
    }),
  );
  const newest = Images.sort((a, b) =>
    (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''),
  )[0];
  if (!newest?.ImageId) {
    throw new CloudHeroError(
      'image_not_found',
      `${region} has no Debian ${RELEASE} image for ${architecture}. Choose another region or size.`,
    );
  }
  return newest.ImageId;
}

async function processorOf(
  client: EC2Client,
  region: string,
  size: string,
): Promise<'arm64' | 'x86_64'> {
  const { InstanceTypes = [] } = await client
    .send(new DescribeInstanceTypesCommand({ InstanceTypes: [size as never] }))
    .catch((error: unknown) => {
      // EC2 answers for what the region offers, and knows no other.
      if (ec2Code(error) !== 'InvalidInstanceType') throw error;
      throw new CloudHeroError(
        'invalid_request',
        `EC2 does not offer the size ${size} in ${region}.`,
      );
    });
  const supported = InstanceTypes[0]?.ProcessorInfo?.SupportedArchitectures ?? [];
  return supported.includes('arm64') ? 'arm64' : 'x86_64';
}
