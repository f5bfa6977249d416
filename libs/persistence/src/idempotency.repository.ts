import { Prisma } from '@prisma/client';
import type { Database } from './database';
import type { TransactionStep } from './transaction-step';

/** Names one request: whose key it is, and the key. */
export interface IdempotencyId {
  scope: string;
  key: string;
}

/** The first request's answer. `body` is sealed: some answers are secrets. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What the first request has made so far, when it had to stop before it answered. */
export interface StoredProgress {
  environment: string;
  nodes?: string[];
}

export type IdempotencyClaim =
  | { kind: 'first' }
  | { kind: 'other_request' }
  | { kind: 'answered'; answer: StoredAnswer }
  | { kind: 'resume'; progress: StoredProgress }
  | { kind: 'running' };

export interface ClaimLimits {
  /** Keys older than this are forgotten. */
  forgetMs: number;
  /** A request without an answer for this long has lost its process. */
  abandonMs: number;
}

type Row = Prisma.IdempotencyKeyGetPayload<object>;

export class IdempotencyRepository {
  constructor(private readonly db: Database) {}

  /** Takes the key for this request, or tells what became of the request that has it. */
  async claim(
    id: IdempotencyId,
    requestHash: string,
    limits: ClaimLimits,
  ): Promise<IdempotencyClaim> {
    const now = Date.now();
    await this.db.client.idempotencyKey.deleteMany({
      where: { ...id, createdAt: { lt: new Date(now - limits.forgetMs) } },
    });
    const { count } = await this.db.client.idempotencyKey.createMany({
      data: [{ ...id, requestHash }],
      skipDuplicates: true,
    });
    if (count > 0) return { kind: 'first' };
    const row = await this.db.client.idempotencyKey.findUnique({ where: { scope_key: id } });
    // Released between the two statements: the caller asks again.
    if (!row) return { kind: 'running' };
    if (row.requestHash !== requestHash) return { kind: 'other_request' };
    return (await this.takeOver(row, now - limits.abandonMs)) ? { kind: 'first' } : claimOf(row);
  }

  /** Ends a request without an answer; the key is as if never used. */
  async release(id: IdempotencyId): Promise<void> {
    await this.db.client.idempotencyKey.deleteMany({ where: { ...id, status: null } });
  }

  async store(id: IdempotencyId, answer: StoredAnswer): Promise<void> {
    await this.db.transaction(this.answerStep(id, answer));
  }

  /** Stores the answer in the transaction that makes what it tells of. */
  answerStep(id: IdempotencyId, { status, headers, body }: StoredAnswer): TransactionStep {
    return (tx) =>
      tx.idempotencyKey.updateMany({
        where: id,
        data: { status, headers, body: { sealed: body } },
      });
  }

  /** Notes what was made, in the transaction that makes it, so that a retry goes on from there. */
  progressStep(id: IdempotencyId, progress: StoredProgress): TransactionStep {
    const body: Prisma.InputJsonObject = { ...progress };
    return (tx) => tx.idempotencyKey.updateMany({ where: id, data: { body } });
  }

  async forgetOld(before: Date): Promise<void> {
    await this.db.client.idempotencyKey.deleteMany({ where: { createdAt: { lt: before } } });
  }

  private async takeOver(row: Row, abandonedBefore: number): Promise<boolean> {
    if (row.status !== null || row.body !== null) return false;
    if (row.createdAt.getTime() > abandonedBefore) return false;
    const { scope, key, createdAt } = row;
    const { count } = await this.db.client.idempotencyKey.updateMany({
      where: { scope, key, createdAt, status: null, body: { equals: Prisma.DbNull } },
      data: { createdAt: new Date() },
    });
    return count > 0;
  }
}

function claimOf(row: Row): IdempotencyClaim {
  if (row.status !== null) {
    const { sealed } = row.body as { sealed: string };
    const headers = (row.headers ?? {}) as Record<string, string>;
    return { kind: 'answered', answer: { status: row.status, headers, body: sealed } };
  }
  if (row.body === null) return { kind: 'running' };
  return { kind: 'resume', progress: row.body as unknown as StoredProgress };
}
