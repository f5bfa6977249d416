import { DRIFT_CODES, ERROR_CODES } from '@cloudhero/domain';
import type { NodeRow, TenantEnvironment } from '@cloudhero/persistence';
import type { ErrorEntry } from '../http/api.error';

export type LaunchOutcome =
  | { kind: 'ready' }
  | { kind: 'failed'; errors: ErrorEntry[] }
  /** Somebody asked for something else meanwhile. */
  | { kind: 'overtaken'; message: string };

/** What became of nodes that were asked for; null while that is open. */
export function launchOutcome(
  { environment, nodes }: TenantEnvironment,
  nodeIds: readonly string[] | null,
): LaunchOutcome | null {
  if (environment.desired === 'absent') {
    return { kind: 'overtaken', message: 'The environment was deleted before it was ready.' };
  }
  const asked = nodeIds ? nodes.filter((node) => nodeIds.includes(node.id)) : nodes;
  const wanted = asked.filter((node) => node.desired !== 'absent');
  if (wanted.length === 0) {
    return { kind: 'overtaken', message: 'The nodes were removed before they were ready.' };
  }
  const failed = wanted.filter((node) => failedToLaunch(node, environment));
  if (failed.length > 0)
    return { kind: 'failed', errors: failed.map((node) => nodeError(node, asked)) };
  if (wanted.every(cameUp)) return { kind: 'ready' };
  if (wanted.some((node) => node.desired === 'stopped')) {
    return { kind: 'overtaken', message: 'The environment was stopped before it was ready.' };
  }
  const error = environmentError(environment);
  return error && { kind: 'failed', errors: [error] };
}

/** It is ready, or was: what happens to its server afterwards is not the launch's failure. */
function cameUp({ phase, readyAt }: NodeRow): boolean {
  return phase === 'ready' || (phase === 'failed' && readyAt !== null);
}

function failedToLaunch(
  { phase, readyAt, lastErrorCode }: NodeRow,
  { repair }: TenantEnvironment['environment'],
): boolean {
  if (phase !== 'failed' || readyAt !== null) return false;
  const mended: readonly string[] = repair ? DRIFT_CODES : [];
  return !mended.includes(lastErrorCode ?? '');
}

/** An error of the environment as a whole that waiting does not mend. */
export function environmentError(
  environment: Pick<TenantEnvironment['environment'], 'lastErrorCode' | 'lastErrorMessage'>,
): ErrorEntry | null {
  const { lastErrorCode: code, lastErrorMessage: message } = environment;
  if (!code || isTemporary(code)) return null;
  return { code, message: message ?? 'The cloud refused.' };
}

function nodeError(node: NodeRow, asked: readonly NodeRow[]): ErrorEntry {
  return {
    code: node.lastErrorCode ?? 'internal',
    message: `${node.name}: ${node.lastErrorMessage ?? 'the node failed.'}`,
    field: `nodes[${asked.indexOf(node)}]`,
  };
}

function isTemporary(code: string): boolean {
  const known = ERROR_CODES as Record<string, { temporary: boolean } | undefined>;
  return known[code]?.temporary ?? false;
}
