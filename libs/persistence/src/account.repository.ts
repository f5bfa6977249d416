import { newId } from '@cloudhero/domain';
import type { Organisation, Prisma, User } from '@prisma/client';
import type { Database } from './database';
import { isUniqueViolation } from './database-errors';
import type { TransactionStep } from './transaction-step';

export type UserRow = User;

export interface NewAccount {
  organisation: string;
  email: string;
  userName: string;
  passwordHash: string;
}

/** An API key and a refresh token to store; the hashes only. */
export interface NewTokens {
  keyName: string;
  keyHash: string;
  keyLastFour: string;
  refreshHash: string;
}

/** Keys that were made by a refresh token carry this name, and go when the token was stolen. */
export const REFRESHED_KEY_NAME = 'refreshed';

/** Organisations with their users and refresh tokens. */
export class AccountRepository {
  constructor(private readonly db: Database) {}

  /** Creates an organisation, its first user and key. Null when the e-mail is taken. */
  async create(
    account: NewAccount,
    tokens: NewTokens,
    step?: TransactionStep,
  ): Promise<{ organisation: Organisation; user: User } | null> {
    const { organisation: name, ...user } = account;
    try {
      return await this.db.transaction(async (tx) => {
        const organisation = await tx.organisation.create({ data: { id: newId(), name } });
        const made = await tx.user.create({
          data: { id: newId(), organisationId: organisation.id, ...user },
        });
        await storeTokens(tx, made, tokens);
        await step?.(tx);
        return { organisation, user: made };
      });
    } catch (error) {
      if (isUniqueViolation(error)) return null;
      throw error;
    }
  }

  findUser(email: string): Promise<User | null> {
    return this.db.client.user.findUnique({ where: { email } });
  }

  /** Stores a new key and refresh token of a user. */
  async addTokens(user: User, tokens: NewTokens): Promise<void> {
    await this.db.transaction((tx) => storeTokens(tx, user, tokens));
  }

  /**
   * Trades a refresh token for new ones. A token that was used before is in two hands: every
   * refresh token of its user, and every key that such a token made, ends then.
   * @returns the user, or null when the token is unknown or was used.
   */
  async refresh(hash: string, tokens: NewTokens): Promise<User | null> {
    return this.db.transaction(async (tx) => {
      const { count } = await tx.refreshToken.updateMany({
        where: { hash, usedAt: null },
        data: { usedAt: new Date() },
      });
      const token = await tx.refreshToken.findUnique({ where: { hash }, include: { user: true } });
      if (!token) return null;
      if (count === 0) {
        await endTokens(tx, token.userId);
        return null;
      }
      await storeTokens(tx, token.user, tokens);
      return token.user;
    });
  }
}

async function storeTokens(tx: Prisma.TransactionClient, user: User, tokens: NewTokens) {
  await tx.apiKey.create({
    data: {
      id: newId(),
      organisationId: user.organisationId,
      userId: user.id,
      name: tokens.keyName,
      scope: 'full',
      hash: tokens.keyHash,
      lastFour: tokens.keyLastFour,
    },
  });
  await tx.refreshToken.create({ data: { hash: tokens.refreshHash, userId: user.id } });
}

async function endTokens(tx: Prisma.TransactionClient, userId: string) {
  const now = new Date();
  await tx.refreshToken.updateMany({ where: { userId, usedAt: null }, data: { usedAt: now } });
  await tx.apiKey.updateMany({
    where: { userId, name: REFRESHED_KEY_NAME, revokedAt: null },
    data: { revokedAt: now },
  });
}
