import { CloudDrivers, type CloudDriver } from '@cloudhero/cloud';
import type { CallBudget } from '@cloudhero/domain';
import type { ProviderRow } from '@cloudhero/persistence';
import { sealContext, type Sealer } from '@cloudhero/secrets';

/** Opens a provider's credentials and hands out the driver that uses them. */
export class CloudAccountsService {
  private readonly drivers: CloudDrivers;

  constructor(
    private readonly sealer: Sealer,
    private readonly installationId: string,
    budget: CallBudget,
  ) {
    this.drivers = new CloudDrivers(budget);
  }

  driverFor(provider: ProviderRow): CloudDriver {
    return this.drivers.for({
      providerId: provider.id,
      type: provider.type as 'ec2' | 'digital_ocean',
      endpoint: provider.endpoint ?? undefined,
      credentials: this.sealer.open(provider.sealedCredentials, sealContext.provider(provider.id)),
      installationId: this.installationId,
    });
  }

  onApplicationShutdown() {
    this.drivers.close();
  }
}
