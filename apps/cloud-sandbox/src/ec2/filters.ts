import { Ec2Error, invalidValue } from './ec2.error';
import type { Params } from './params';

export interface Tagged {
  tags: Record<string, string>;
}

/** What a filter compares with: the values that a resource has under a filter's name. */
export type FilterFields<T> = Record<string, (resource: T) => readonly (string | undefined)[]>;

const MAX_FILTERS = 50;
const MAX_VALUES = 200;

/**
 * A test for `Filter.N`: values of one filter are alternatives, filters add up. `*` and `?` are
 * wildcards, a backslash takes their meaning away; `tag:KEY`, `tag-key` and `tag-value` work on
 * everything tagged.
 * @throws InvalidParameterValue for a filter that the action does not have.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filterOf<T>(
  params: Params,
  fields: FilterFields<T>,
  tagsOf?: (resource: T) => Record<string, string>,
): (resource: T) => boolean {
  const given = params.structs('Filter');
  if (given.length > MAX_FILTERS)
    throw new Ec2Error('FilterLimitExceeded', `At most ${MAX_FILTERS} filters`);
  const tests = given.map((filter) => {
    const name = filter.required('Name');
    const values = filter.list('Value');
    if (values.length > MAX_VALUES)
      throw new Ec2Error('FilterLimitExceeded', `At most ${MAX_VALUES} values of a filter`);
    const read = fields[name] ?? (tagsOf && tagField(name, tagsOf));
    if (!read) throw invalidValue(name, 'Filter.Name', `The filter '${name}' is invalid`);
    const matches = matcher(values);
    return (resource: T) => read(resource).some((value) => value !== undefined && matches(value));
  });
  return (resource) => tests.every((test) => test(resource));
}

function tagField<T>(name: string, tagsOf: (resource: T) => Record<string, string>) {
  if (name === 'tag-key') return (resource: T) => Object.keys(tagsOf(resource));
  if (name === 'tag-value') return (resource: T) => Object.values(tagsOf(resource));
  if (!name.startsWith('tag:')) return undefined;
  return (resource: T) => [tagsOf(resource)[name.slice(4)]];
}

function matcher(values: readonly string[]): (value: string) => boolean {
  const exact = new Set(values.filter((value) => !/[*?\\]/.test(value)));
  const patterns = values.filter((value) => !exact.has(value)).map(pattern);
  return (value) => exact.has(value) || patterns.some((each) => each.test(value));
}

function pattern(value: string): RegExp {
  const source = value.replace(/\\([*?\\])|([*?])|([^*?])/gs, (_, literal, wildcard, other) => {
    if (wildcard === '*') return '.*';
    if (wildcard === '?') return '.';
    return String(literal ?? other).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
