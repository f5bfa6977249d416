import { Prisma } from '@prisma/client';

const UNREACHABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
]);
/**
 * Postgres's classes: connection lost; out of disk, memory or connections; shutting down or starting
 * up; an error of its system, such as one of its disk; and read-only, as a replica is.
 */
const SQLSTATE = /^(08|53|57P|58|25006)/;
/** What pg and its pool say without any code. */
const SAID =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether Postgres is away (or full, or ill) rather than the statement wrong; worth trying again. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  const code = codeOf(error);
  if (UNREACHABLE.has(code) || SOCKET.has(code) || SQLSTATE.test(code)) return true;
  const cause = causeOf(error);
  if (cause !== undefined && isDatabaseUnavailable(cause)) return true;
  return error instanceof Error && SAID.test(error.message);
}

/** Whether a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === 'P2002';
}

const CONFLICTS = new Set(['P2034', '40P01', '40001']);

/** Whether Postgres broke the transaction off in favour of another: a deadlock. Try again. */
export function isWriteConflict(error: unknown): boolean {
  if (CONFLICTS.has(codeOf(error)) || kindOf(error) === 'TransactionWriteConflict') return true;
  const cause = causeOf(error);
  return cause !== undefined && isWriteConflict(cause);
}

function kindOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'kind' in error ? error.kind : undefined;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, originalCode } = error as { code?: unknown; originalCode?: unknown };
  if (typeof code === 'string') return code;
  return typeof originalCode === 'string' ? originalCode : '';
}

function causeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  const { cause, meta } = error as { cause?: unknown; meta?: { driverAdapterError?: unknown } };
  return cause ?? meta?.driverAdapterError;
}
