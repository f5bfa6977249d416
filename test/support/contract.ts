import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = Record<string, Json>;

/** DigitalOcean's own description of its API. It is read where it stands, beside the repository. */
const FILE = resolve(__dirname, '../../../shared/contracts/digitalocean-v2.openapi.json');

export interface Exchange {
  method: string;
  /** With the query. */
  url: string;
  requestBody: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What of an exchange is not as the contract has it. */
export interface Violation {
  /** The contract's operationId, or method and path where it has none. */
  operation: string;
  where: 'request' | 'answer';
  status: number;
  problem: string;
}

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
}

interface OpenOperation {
  id: string;
  method: string;
  pattern: RegExp;
  /** Where it is in the contract, as a JSON pointer. */
  pointer: string;
  /** Names in the path make it less exact than one that spells them. */
  names: string[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * The contract as a judge of requests and answers, by Ajv. Prism, which does the same, wants a newer
 * Node than ours and brings 143 packages.
 */
export class Contract {
  private readonly document: JsonObject;
  private readonly operations: OpenOperation[];
  private readonly bodies = validator(false);
  private readonly values = validator(true);
  private readonly compiled = new Map<string, ValidateFunction>();

  /** Undefined where the contract is not there to be read. */
  static read(): Contract | undefined {
    if (!existsSync(FILE)) return undefined;
    return new Contract(JSON.parse(readFileSync(FILE, 'utf8')) as JsonObject);
  }

  private constructor(document: JsonObject) {
    this.document = mended(document) as JsonObject;
    for (const ajv of [this.bodies, this.values])
      ajv.addSchema(this.document, 'contract', false, false);
    this.operations = operationsOf(this.document);
  }

  /** Every operationId of the contract. */
  get operationIds(): string[] {
    return this.operations.map(({ id }) => id);
  }

  /** The operation that a request is for; undefined where the contract has none. */
  operationIdOf(method: string, url: string): string | undefined {
    return this.find(method, url)?.operation.id;
  }

  check(exchange: Exchange): Violation[] {
    const { method, url, status } = exchange;
    const found = this.find(method, url);
    if (!found) {
      const problem = 'the contract has no such operation';
      return [{ operation: `${method} ${url}`, where: 'request', status, problem }];
    }
    const { operation, path } = found;
    const at = (where: Violation['where']) => (problem: string) => {
      return { operation: operation.id, where, status, problem };
    };
    return [
      ...this.parameterProblems(operation, path, new URLSearchParams(url.split('?')[1])),
      ...this.requestProblems(operation, exchange.requestBody),
    ]
      .map(at('request'))
      .concat(this.answerProblems(operation, exchange).map(at('answer')));
  }

  private find(method: string, url: string) {
    const path = url.split('?')[0] ?? '';
    for (const operation of this.operations) {
      const match = operation.method === method && operation.pattern.exec(path);
      if (!match) continue;
      const values = match.slice(1).map(decodeURIComponent);
      return { operation, path: new Map(operation.names.map((name, i) => [name, values[i]])) };
    }
    return undefined;
  }

  private parameterProblems(
    { pointer }: OpenOperation,
    path: ReadonlyMap<string, string | undefined>,
    query: URLSearchParams,
  ): string[] {
    const unknown = new Set(query.keys());
    const problems: string[] = [];
    const parameters = (this.at(pointer).node as JsonObject).parameters;
    for (const index of (parameters as Json[] | undefined)?.keys() ?? []) {
      const { node, pointer: where } = this.at(`${pointer}/parameters/${index}`);
      const { name, in: place, required } = node as unknown as Parameter;
      const value = place === 'path' ? path.get(name) : query.get(name);
      unknown.delete(name);
      if (value === null || value === undefined) {
        if (required) problems.push(`parameter ${name} is missing`);
      } else problems.push(...this.validate(this.values, `${where}/schema`, value, name));
    }
    return [...problems, ...[...unknown].map((name) => `parameter ${name} is not known`)];
  }

  private requestProblems({ pointer }: OpenOperation, text: string): string[] {
    const operation = this.at(pointer).node as JsonObject;
    if (!operation.requestBody) return text ? ['it has a body'] : [];
    if (!text) return ['it has no body'];
    const body = `${this.at(`${pointer}/requestBody`).pointer}/content/application~1json/schema`;
    return this.validateText(body, text, 'body');
  }

  private answerProblems(
    { pointer }: OpenOperation,
    { status, headers, body }: Exchange,
  ): string[] {
    const responses = (this.at(pointer).node as JsonObject).responses as JsonObject;
    const name = String(status) in responses ? String(status) : 'default';
    const { node, pointer: where } = this.at(`${pointer}/responses/${name}`);
    const response = node as JsonObject;
    const problems = Object.keys((response.headers as JsonObject | undefined) ?? {}).flatMap(
      (header) => {
        const value = headers[header.toLowerCase()];
        if (value === undefined) return [`header ${header} is missing`];
        const { pointer: at } = this.at(`${where}/headers/${escape(header)}`);
        return this.validate(this.values, `${at}/schema`, value, header);
      },
    );
    const isJson = 'application/json' in ((response.content as JsonObject | undefined) ?? {});
    if (!isJson) return body ? [...problems, 'it has a body'] : problems;
    // 204s are described with a content type and never have a body.
    if (status === 204) return body ? [...problems, 'it has a body'] : problems;
    const schema = `${where}/content/application~1json/schema`;
    return [...problems, ...this.validateText(schema, body, 'body')];
  }

  private validateText(pointer: string, text: string, name: string): string[] {
    try {
      return this.validate(this.bodies, pointer, JSON.parse(text), name);
    } catch (error) {
      return [`${name} is not JSON: ${String(error)}`];
    }
  }

  private validate(ajv: Ajv, pointer: string, value: unknown, name: string): string[] {
    const key = `${ajv === this.bodies ? 'body' : 'value'} ${pointer}`;
    let check = this.compiled.get(key);
    if (!check) {
      const fragment = pointer.split('/').map(encodeURIComponent).join('/');
      check = ajv.compile({ $ref: `contract#${fragment}` });
      this.compiled.set(key, check);
    }
    // Ajv coerces what is inside of something, never the thing itself.
    if (check(value)) return [];
    if (ajv === this.values && typeof value === 'string' && check(Number(value))) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message = '' }) => `${name}${instancePath} ${message}`,
    );
  }

  /** What a pointer leads to, through references, and the pointer that leads there directly. */
  private at(pointer: string): { node: Json; pointer: string } {
    let node: Json = this.document;
    let here = '';
    for (const part of pointer.split('/').slice(1)) {
      node = (node as JsonObject)[part.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null;
      here = `${here}/${part}`;
      const reference = (node as JsonObject | null)?.$ref;
      if (typeof reference === 'string') ({ node, pointer: here } = this.at(reference.slice(1)));
    }
    return { node, pointer: here };
  }
}

function validator(coerceTypes: boolean): Ajv {
  // The contract's patterns escape what the `u` flag does not let them.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, coerceTypes });
  addFormats(ajv);
  return ajv;
}

function operationsOf(document: JsonObject): OpenOperation[] {
  const found = Object.entries(document.paths as Record<string, JsonObject>).flatMap(
    ([path, methods]) =>
      METHODS.filter((method) => method in methods).map((method): OpenOperation => ({
        id: (methods[method] as unknown as { operationId: string }).operationId,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '([^/]+)')}$`),
        pointer: `/paths/${escape(path)}/${method}`,
        names: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name),
      })),
  );
  return found.sort((a, b) => a.names.length - b.names.length);
}

const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * The contract less two slips of its own. Alternatives told apart by a discriminator, which plain
 * JSON Schema lacks, overlap without it, so that "exactly one" must be "at least one". And the tag
 * of a path is described by a pattern with doubled backslashes, which would forbid the dashes that
 * the same contract allows in a tag's name.
 */
function mended(node: Json): Json {
  if (Array.isArray(node)) return node.map(mended);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, mended(value)]),
  );
  if (copy.pattern === '^[a-zA-Z0-9_\\\\-\\\\:]+$') copy.pattern = '^[a-zA-Z0-9_\\-\\:]+$';
  if (!copy.discriminator || !copy.oneOf) return copy;
  const { oneOf, ...rest } = copy;
  return { ...rest, anyOf: oneOf };
}
