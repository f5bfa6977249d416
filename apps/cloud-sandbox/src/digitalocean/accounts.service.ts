import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { Journal } from '../machines/journal';
import type { DoAccountRecord } from './do.records';
import { stableUuid } from './regions';

const TABLE = 'do.account';
const FIRST_ACCOUNT = stableUuid('first-account');

/** Whose tokens DigitalOcean takes: the configured one and what the admin API adds. */
@Injectable()
export class DoAccountsService {
  private readonly accounts: ReadonlyMap<string, DoAccountRecord>;

  constructor(private readonly journal: Journal) {
    this.accounts = journal.table<DoAccountRecord>(TABLE);
  }

  /** The account that the configuration names; its token follows the configuration. */
  configure(token: string): void {
    for (const record of this.all())
      if (record.account === FIRST_ACCOUNT && record.token !== token)
        this.journal.remove(TABLE, record.token);
    const status = this.accounts.get(token)?.status ?? 'active';
    this.put({ token, account: FIRST_ACCOUNT, status });
  }

  create(): DoAccountRecord {
    const token = `dop_v1_${randomBytes(32).toString('hex')}`;
    const record: DoAccountRecord = { token, account: randomUUID(), status: 'active' };
    this.put(record);
    return record;
  }

  find(token: string): DoAccountRecord | undefined {
    return this.accounts.get(token);
  }

  all(): DoAccountRecord[] {
    return [...this.accounts.values()];
  }

  /** `revoked` tokens are 401, `forbidden` ones 403. @param name a token, or an account */
  setStatus(name: string, status: DoAccountRecord['status']): DoAccountRecord | undefined {
    const record = this.find(name) ?? this.all().find(({ account }) => account === name);
    if (!record) return undefined;
    this.put({ ...record, status });
    return this.find(record.token);
  }

  private put(record: DoAccountRecord): void {
    this.journal.put(TABLE, record.token, record);
    this.journal.flush();
  }
}
