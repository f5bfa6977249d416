import { unprocessable } from './do.error';

/** A body's fields, read one by one. Every reader @throws DoError 422 naming the field. */
export class Fields {
  private readonly values: Record<string, unknown>;

  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw unprocessable('The body must be a JSON object');
    this.values = body as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  string(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.values[name];
    if (typeof value === 'string') return value;
    throw unprocessable(`${name} must be a string`);
  }

  required(name: string): string {
    const value = this.string(name);
    if (value) return value;
    throw unprocessable(`${capitalized(name)} can't be blank`);
  }

  /** A string, or the number that an id may be given as. */
  name(name: string): string | number | undefined {
    const value = this.values[name];
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    return this.string(name);
  }

  /** Empty where the field is missing. */
  strings(name: string): string[] {
    return this.list(name).map((item) => {
      if (typeof item === 'string') return item;
      throw unprocessable(`${name} must be an array of strings`);
    });
  }

  integers(name: string): number[] {
    return this.list(name).map((item) => {
      if (typeof item === 'number' && Number.isInteger(item)) return item;
      throw unprocessable(`${name} must be an array of integers`);
    });
  }

  objects(name: string): Fields[] {
    return this.list(name).map((item) => new Fields(item));
  }

  object(name: string): Fields {
    return new Fields(this.values[name] ?? {});
  }

  list(name: string): unknown[] {
    if (!this.has(name)) return [];
    const value = this.values[name];
    if (Array.isArray(value)) return value as unknown[];
    throw unprocessable(`${name} must be an array`);
  }
}

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
