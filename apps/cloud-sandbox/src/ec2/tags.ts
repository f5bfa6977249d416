import { Ec2Error } from './ec2.error';
import type { Params } from './params';

const MAX_TAGS = 50;

/** `Tag.N.Key` and `.Value`. @throws InvalidParameterValue, TagLimitExceeded */
export function readTags(params: Params): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of params.structs('Tag')) {
    const key = tag.required('Key');
    const value = tag.string('Value') ?? '';
    if (key.length > 127 || key.toLowerCase().startsWith('aws:'))
      throw new Ec2Error('InvalidParameterValue', `Tag key ${key} is reserved or too long`);
    if (value.length > 255)
      throw new Ec2Error('InvalidParameterValue', `The value of tag ${key} is too long`);
    tags[key] = value;
  }
  return checkCount(tags);
}

/** The tags that `TagSpecification.N` gives to one kind of resource. */
export function specifiedTags(params: Params, resourceType: string): Record<string, string> {
  const specifications = params
    .structs('TagSpecification')
    .filter((specification) => specification.string('ResourceType') === resourceType);
  return checkCount(Object.assign({}, ...specifications.map(readTags)) as Record<string, string>);
}

/** @throws TagLimitExceeded */
export function checkCount(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length <= MAX_TAGS) return tags;
  throw new Ec2Error('TagLimitExceeded', `The maximum number of tags is ${MAX_TAGS}`);
}
