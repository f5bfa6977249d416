import { Injectable } from '@nestjs/common';
import { randomBytes, randomInt } from 'node:crypto';
import { Journal } from '../machines/journal';
import type { AccountRecord } from './ec2.records';

const TABLE = 'account';
const FIRST_ACCOUNT = '000000000001';

/** Who may call: the configured account and what the admin API adds. */
@Injectable()
export class AccountsService {
  private readonly accounts: ReadonlyMap<string, AccountRecord>;

  constructor(private readonly journal: Journal) {
    this.accounts = journal.table<AccountRecord>(TABLE);
  }

  /** The account that the configuration names; its keys follow the configuration. */
  configure(accessKey: string, secretKey: string): void {
    for (const record of [...this.accounts.values()])
      if (record.account === FIRST_ACCOUNT && record.accessKey !== accessKey)
        this.journal.remove(TABLE, record.accessKey);
    const status = this.accounts.get(accessKey)?.status ?? 'active';
    this.put({ accessKey, secretKey, account: FIRST_ACCOUNT, status });
  }

  create(): AccountRecord {
    const record: AccountRecord = {
      accessKey: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretKey: randomBytes(30).toString('base64url'),
      account: String(randomInt(100_000_000_000, 999_999_999_999)),
      status: 'active',
    };
    this.put(record);
    return record;
  }

  find(accessKey: string): AccountRecord | undefined {
    return this.accounts.get(accessKey);
  }

  all(): AccountRecord[] {
    return [...this.accounts.values()];
  }

  /** `revoked` keys are AuthFailure, `forbidden` ones UnauthorizedOperation. */
  setStatus(accessKey: string, status: AccountRecord['status']): AccountRecord | undefined {
    const record = this.accounts.get(accessKey);
    if (record) this.put({ ...record, status });
    return this.accounts.get(accessKey);
  }

  private put(record: AccountRecord): void {
    this.journal.put(TABLE, record.accessKey, record);
    this.journal.flush();
  }
}
