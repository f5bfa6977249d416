import { Ec2Error, invalidValue } from './ec2.error';

type Tree = Map<string, Tree | string>;

/**
 * The parameters of a Query request: flat names such as `Filter.1.Value.2` read as the structures
 * and lists that they spell.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
export class Params {
  private constructor(
    private readonly tree: Tree,
    private readonly path: string,
    private readonly flat: readonly [string, string][],
  ) {}

  static parse(form: string): Params {
    const flat = [...new URLSearchParams(form)];
    const root: Tree = new Map();
    for (const [name, value] of flat) {
      const parts = name.split('.');
      const leaf = parts.pop() ?? '';
      let node = root;
      for (const part of parts) {
        const next = node.get(part);
        if (next instanceof Map) node = next;
        else node.set(part, (node = new Map() as Tree));
      }
      node.set(leaf, value);
    }
    return new Params(root, '', flat);
  }

  /** Every parameter as it was sent, by name. */
  sorted(): [string, string][] {
    return [...this.flat].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  has(name: string): boolean {
    return this.tree.has(name);
  }

  string(name: string): string | undefined {
    const value = this.tree.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws MissingParameter */
  required(name: string): string {
    const value = this.string(name);
    if (value) return value;
    const full = `The request must contain the parameter ${this.path}${name}`;
    throw new Ec2Error('MissingParameter', full);
  }

  integer(name: string, range: { min?: number; max?: number } = {}): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < (range.min ?? -1) || value > (range.max ?? 2 ** 31))
      throw invalidValue(text, this.path + name);
    return value;
  }

  boolean(name: string): boolean {
    const text = this.string(name)?.toLowerCase();
    if (text === undefined || text === 'false') return false;
    if (text === 'true') return true;
    throw invalidValue(text, this.path + name);
  }

  /** `Name.1`, `Name.2` … in the order of their numbers. */
  list(name: string): string[] {
    return this.items(name).filter((item): item is string => typeof item === 'string');
  }

  /** `Name.1.Field`, `Name.2.Field` …, each as parameters of its own. */
  structs(name: string): Params[] {
    return this.items(name)
      .filter((item): item is Tree => item instanceof Map)
      .map((tree, index) => new Params(tree, `${this.path}${name}.${index + 1}.`, []));
  }

  struct(name: string): Params {
    const value = this.tree.get(name);
    const tree: Tree = value instanceof Map ? value : new Map<string, Tree | string>();
    return new Params(tree, `${this.path}${name}.`, []);
  }

  private items(name: string): (Tree | string)[] {
    const value = this.tree.get(name);
    if (!(value instanceof Map)) return [];
    return [...value]
      .filter(([index]) => /^\d+$/.test(index))
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => item);
  }
}
