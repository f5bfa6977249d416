/**
 * Where `actual` differs in shape from a sample: other keys, other types. Strings of the sample that
 * have a form (an id, a token, an address) demand that form. A key `*` stands for one or more keys
 * of any name; a sample's empty array for any array.
 */
export function shapeErrors(actual: unknown, sample: unknown, at = '$'): string[] {
  if (Array.isArray(sample)) {
    if (!Array.isArray(actual)) return [`${at}: expected an array, not ${kind(actual)}`];
    if (sample.length === 0) return [];
    if (actual.length === 0) return [`${at}: expected at least one entry`];
    return actual.flatMap((entry, index) =>
      shapeErrors(entry, sample[0], `${at}[${String(index)}]`),
    );
  }
  if (isRecord(sample)) return objectErrors(actual, sample, at);
  if (kind(actual) !== kind(sample))
    return [`${at}: expected ${kind(sample)}, not ${kind(actual)}`];
  if (typeof sample === 'string' && typeof actual === 'string')
    return formErrors(actual, sample, at);
  return [];
}

function objectErrors(actual: unknown, sample: Record<string, unknown>, at: string): string[] {
  if (!isRecord(actual)) return [`${at}: expected an object, not ${kind(actual)}`];
  if ('*' in sample) {
    const entries = Object.entries(actual);
    if (entries.length === 0) return [`${at}: expected at least one key`];
    return entries.flatMap(([key, value]) => shapeErrors(value, sample['*'], `${at}.${key}`));
  }
  const missing = Object.keys(sample).filter((key) => actual[key] === undefined);
  const unknown = Object.keys(actual).filter(
    (key) => !(key in sample) && actual[key] !== undefined,
  );
  return [
    ...missing.map((key) => `${at}: lacks ${key}`),
    ...unknown.map((key) => `${at}: has ${key}, which the reference does not print`),
    ...Object.keys(sample)
      .filter((key) => key in actual)
      .flatMap((key) => shapeErrors(actual[key], sample[key], `${at}.${key}`)),
  ];
}

const FORMS = [/^[0-9a-f]{24}$/, /^\d{38}$/, /^\d{1,3}(\.\d{1,3}){3}$/, /^i-[0-9a-f]+$/, /^\d+$/];

function formErrors(actual: string, sample: string, at: string): string[] {
  const form = FORMS.find((candidate) => candidate.test(sample));
  return form && !form.test(actual) ? [`${at}: ${actual} is not of the form of ${sample}`] : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
