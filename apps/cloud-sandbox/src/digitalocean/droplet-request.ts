import { unprocessable } from './do.error';
import { Fields } from './fields';
import { type DoImage, doImage } from './images';
import type { OperationContext } from './operation';
import { defaultVpcUuid, REGION_SLUGS } from './regions';
import { type DoSize, doSize } from './sizes';
import { checkTagName } from './tag-names';

const MAX_USER_DATA_BYTES = 65_536;
const MAX_NAMES = 10;
const NAME = /^[a-zA-Z0-9]?[a-z0-9A-Z.-]*[a-z0-9A-Z]$/;

export interface DropletRequest {
  names: string[];
  /** Asked for by `names`, and answered with a list, even where it is one. */
  isMulti: boolean;
  region: string;
  size: DoSize;
  image: DoImage;
  publicKeys: string[];
  tags: string[];
  userData?: string;
  vpcUuid: string;
}

/** The body of a create, checked as DigitalOcean checks it. @throws DoError 422 */
export function readDropletRequest(context: OperationContext): DropletRequest {
  const { account } = context;
  const fields = new Fields(context.body);
  const isMulti = fields.has('names');
  const names = isMulti ? fields.strings('names') : [fields.required('name')];
  if (names.length === 0) throw unprocessable("Names can't be blank");
  if (names.length > MAX_NAMES)
    throw unprocessable(`You can only create up to ${MAX_NAMES} droplets at once.`);
  if (names.some((name) => name.length > 255 || !NAME.test(name)))
    throw unprocessable('Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)');
  const size = doSize(fields.string('size') ?? '');
  if (!size) throw unprocessable('You specified an invalid size for Droplet creation.');
  const image = doImage(fields.name('image') ?? '');
  if (!image) throw unprocessable('You specified an invalid image for Droplet creation.');
  const region = fields.string('region') ?? size.regions[0] ?? '';
  if (!REGION_SLUGS.includes(region))
    throw unprocessable('You specified an invalid region for Droplet creation.');
  if (!size.regions.includes(region)) throw sizeUnavailable();
  const vpcUuid = defaultVpcUuid(account, region);
  if ((fields.string('vpc_uuid') ?? vpcUuid) !== vpcUuid)
    throw unprocessable('Failed to resolve VPC');
  const userData = fields.string('user_data');
  if (userData && Buffer.byteLength(userData) > MAX_USER_DATA_BYTES)
    throw unprocessable(`User data is too long (maximum is ${MAX_USER_DATA_BYTES} bytes)`);
  const publicKeys = readKeys(context, fields);
  const tags = [...new Set(fields.strings('tags'))];
  tags.forEach(checkTagName);
  return { names, isMulti, region, size, image, publicKeys, tags, userData, vpcUuid };
}

export const sizeUnavailable = () => unprocessable('Size is not available in this region.');

function readKeys({ store, account }: OperationContext, fields: Fields): string[] {
  const known = new Map(
    store.keys(account).flatMap((key) => [
      [String(key.id), key.publicKey],
      [key.fingerprint, key.publicKey],
    ]),
  );
  const asked = fields.list('ssh_keys').map(String);
  const missing = asked.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw unprocessable(`${missing.join(', ')} are invalid key identifiers for Droplet creation.`);
  return [...new Set(asked.map((name) => known.get(name) ?? ''))];
}
