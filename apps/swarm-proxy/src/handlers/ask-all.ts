import { EngineError } from '@cloudhero/docker';
import type { EngineNode } from '../cluster/engine-node';
import { DockerError, unavailable } from '../http/docker.error';
import type { Call } from '../http/call';

export interface Answer<T> {
  node: EngineNode;
  value: T;
}

export interface Answers<T> {
  answers: Answer<T>[];
  /** Names of nodes that gave none, those that were known to be down included. */
  missing: string[];
}

/** Header that names nodes whose part a merged answer lacks. */
export const MISSING_HEADER = 'x-cloudhero-unreachable';

/**
 * Asks every node that is up. One that fails is named, not fatal.
 * @throws DockerError with the engines' own refusal when all refuse; 503 when none answers.
 */
export async function askAll<T>(
  call: Call,
  method: string,
  path: string,
  options: { body?: unknown; timeoutMs?: number } = {},
): Promise<Answers<T>> {
  const nodes = call.cluster.nodes();
  const results = await Promise.allSettled(
    nodes.map((node) =>
      node.client.json<T>(method, call.versioned(path), options.body, {
        signal: AbortSignal.any([call.left, node.lost]),
        ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      }),
    ),
  );
  const answers: Answer<T>[] = [];
  const missing = call.cluster.down();
  let refusal: EngineError | undefined;
  results.forEach((result, index) => {
    const node = nodes[index] as EngineNode;
    if (result.status === 'fulfilled') answers.push({ node, value: result.value });
    else if (result.reason instanceof EngineError) refusal ??= result.reason;
    else missing.push(node.name);
  });
  if (answers.length > 0) return { answers, missing };
  if (refusal) throw new DockerError(refusal.status, refusal.message, 'engine_refused');
  throw unavailable(`no node answered: ${missing.join(', ')}`);
}

/** Headers for a merged answer. */
export function missingHeaders(missing: readonly string[]): Record<string, string> {
  return missing.length > 0 ? { [MISSING_HEADER]: missing.join(', ') } : {};
}

/** Nodes that have the thing at `path`, by name; those that do not answer count as not having it. */
export async function holders(call: Call, path: string): Promise<EngineNode[]> {
  const nodes = call.cluster.nodes();
  const have = await Promise.all(
    nodes.map((node) =>
      node.client.json('GET', path, undefined, { signal: call.left }).then(
        () => true,
        () => false,
      ),
    ),
  );
  return nodes.filter((_, index) => have[index]);
}

/** A name in a path: each part encoded, its slashes kept. */
export function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
