import type { Prisma } from '@prisma/client';

/**
 * Something to write in the same transaction as the change that it belongs to, such as the answer to
 * a request with an idempotency key: then a crash leaves both or neither.
 */
export type TransactionStep = (tx: Prisma.TransactionClient) => Promise<unknown>;
