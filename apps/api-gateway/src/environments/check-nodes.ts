import { conflictingPackages, resolvePackage, type CloudMetadata } from '@cloudhero/domain';
import type { NewNode } from '@cloudhero/persistence';
import type { ErrorEntry } from '../http/api.error';
import type { NodeRequest } from './environment.dto';

export interface NodeChecks {
  sizes: CloudMetadata['sizes'];
  /** The name of a node's server at the cloud. */
  serverName: (node: string) => string;
  /** Server names that the environment has already. */
  taken: ReadonlySet<string>;
}

/** Checks nodes that were asked for, and gives them as they are stored. One entry a field. */
export function checkNodes(
  requested: readonly NodeRequest[],
  { sizes, serverName, taken }: NodeChecks,
): { nodes: NewNode[]; errors: ErrorEntry[] } {
  const known = new Set(Object.values(sizes).flatMap((category) => Object.keys(category)));
  const names = new Set(taken);
  const errors: ErrorEntry[] = [];
  const nodes = requested.map((node, index): NewNode => {
    const field = `nodes[${index}]`;
    const server = serverName(node.name);
    if (names.has(server)) errors.push(doubleName(node.name, `${field}.name`));
    names.add(server);
    if (!known.has(node.size)) errors.push(unknownSize(node.size, `${field}.size`));
    const fallbackSizes = node.fallback_sizes ?? [];
    errors.push(...checkFallbacks(node.size, fallbackSizes, `${field}.fallback_sizes`, known));
    const packages = checkPackages(node.packages, `${field}.packages`, errors);
    return { name: node.name, serverName: server, size: node.size, fallbackSizes, packages };
  });
  return { nodes, errors };
}

function checkFallbacks(
  size: string,
  fallbacks: readonly string[],
  field: string,
  known: ReadonlySet<string>,
): ErrorEntry[] {
  return fallbacks.flatMap((other, index) => {
    const at = `${field}[${index}]`;
    if (!known.has(other)) return [unknownSize(other, at)];
    return other === size || fallbacks.indexOf(other) < index ? [doubleSize(other, at)] : [];
  });
}

function checkPackages(requested: readonly string[], field: string, errors: ErrorEntry[]) {
  const names = requested.map((name, index) => {
    const canonical = resolvePackage(name);
    if (canonical === null) errors.push(unknownPackage(name, `${field}[${index}]`));
    return canonical ?? name;
  });
  const packages = [...new Set(names)];
  for (const group of conflictingPackages(packages)) {
    const message = `${group.join(' and ')} listen on the same port; put them on different nodes.`;
    errors.push({ code: 'packages_conflict', message, field });
  }
  return packages;
}

const doubleName = (name: string, field: string): ErrorEntry => ({
  code: 'name_taken',
  message: `Another node is called ${name}, or its server would have the same name.`,
  field,
});
const unknownSize = (size: string, field: string): ErrorEntry => ({
  code: 'unknown_size',
  message: `The cloud has no size ${size}. GET /providers/ID/meta lists its sizes.`,
  field,
});
const doubleSize = (size: string, field: string): ErrorEntry => ({
  code: 'size_twice',
  message: `The size ${size} is asked for twice.`,
  field,
});
const unknownPackage = (name: string, field: string): ErrorEntry => ({
  code: 'unknown_package',
  message: `There is no package ${name} in the catalogue. apt:NAME asks for one of the distribution’s.`,
  field,
});
