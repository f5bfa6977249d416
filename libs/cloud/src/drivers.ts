import { type CallBudget, UNLIMITED } from '@cloudhero/domain';
import type { CloudAccount, CloudDriver } from './cloud-driver';
import { DigitalOceanDriver } from './drivers/digitalocean/digitalocean.driver';
import { Ec2Driver } from './drivers/ec2/ec2.driver';
import { MeteredCalls } from './metered-calls';

type Factory = (account: CloudAccount, calls: MeteredCalls) => CloudDriver;

const FACTORIES: Record<CloudAccount['type'], Factory> = {
  ec2: (account, calls) => new Ec2Driver(account, calls),
  digital_ocean: (account, calls) => new DigitalOceanDriver(account, calls),
};

/** Accounts whose clients are kept open. */
const KEPT = 200;

/** Drivers by account, made when first used and kept; the least recently used goes first. */
export class CloudDrivers {
  private readonly kept = new Map<string, { credentials: string; driver: CloudDriver }>();

  /** @param budget asked before each call to a cloud; the cloud's own limits alone when left out. */
  constructor(private readonly budget: CallBudget = UNLIMITED) {}

  for(account: CloudAccount): CloudDriver {
    const credentials = JSON.stringify([account.endpoint, account.credentials]);
    const known = this.kept.get(account.providerId);
    this.kept.delete(account.providerId);
    if (known?.credentials === credentials) {
      this.kept.set(account.providerId, known);
      return known.driver;
    }
    known?.driver.close();
    const driver = FACTORIES[account.type](account, new MeteredCalls(account, this.budget));
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
