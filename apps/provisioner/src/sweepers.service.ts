import type { ProvisionerConfig } from '@cloudhero/config';
import { EnvironmentRepository } from '@cloudhero/persistence';
import { Sweeper, Waker } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER } from './tokens';

/** Wakes what is due. This, not Redis, is what makes sure that work gets done. */
@Injectable()
export class SweepersService {
  private readonly sweepers: Sweeper[];

  constructor(
    environments: EnvironmentRepository,
    waker: Waker,
    @Inject(CONFIG) config: ProvisionerConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onError = (error: unknown) => logger.warn({ error }, 'a sweep failed');
    const wakeDue = async () => {
      await waker.wakeAll('environment', await environments.due(new Date()));
    };
    const lookWhereWaiting = async () => {
      const scopes = await environments.scopesWaiting();
      const ids = scopes.map(({ providerId, region }) => `${providerId}/${region}`);
      await waker.wakeAll('scope', ids);
    };
    this.sweepers = [
      new Sweeper(config.CLOUDHERO_SWEEP_INTERVAL_MS, wakeDue, onError),
      new Sweeper(config.CLOUDHERO_OBSERVE_INTERVAL_MS, lookWhereWaiting, onError),
    ];
  }

  start() {
    for (const sweeper of this.sweepers) sweeper.start();
  }

  async beforeApplicationShutdown() {
    await Promise.all(this.sweepers.map((sweeper) => sweeper.stop()));
  }
}
