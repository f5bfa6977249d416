import { CloudHeroError } from '@cloudhero/domain';
import type { CloudAccount, CloudDriver } from './cloud-driver';
import { Ec2Driver } from './drivers/ec2/ec2.driver';

const FACTORIES: Partial<Record<CloudAccount['type'], (account: CloudAccount) => CloudDriver>> = {
  ec2: (account) => new Ec2Driver(account),
};

/** Accounts whose clients are kept open. */
const KEPT = 200;

/** Drivers by account, made when first used and kept; the least recently used goes first. */
export class CloudDrivers {
  private readonly kept = new Map<string, { credentials: string; driver: CloudDriver }>();

  /** @throws CloudHeroError invalid_request for a cloud that has no driver. */
  for(account: CloudAccount): CloudDriver {
    const credentials = JSON.stringify([account.endpoint, account.credentials]);
    const known = this.kept.get(account.providerId);
    this.kept.delete(account.providerId);
    if (known?.credentials === credentials) {
      this.kept.set(account.providerId, known);
      return known.driver;
    }
    known?.driver.close();
    const make = FACTORIES[account.type];
    if (!make)
      throw new CloudHeroError('invalid_request', `There is no driver for ${account.type}.`);
    const driver = make(account);
    this.kept.set(account.providerId, { credentials, driver });
    this.shrink();
    return driver;
  }

  close() {
    for (const { driver } of this.kept.values()) driver.close();
    this.kept.clear();
  }

  private shrink() {
    const [oldest] = this.kept.keys();
    if (this.kept.size <= KEPT || oldest === undefined) return;
    this.kept.get(oldest)?.driver.close();
    this.kept.delete(oldest);
  }
}
