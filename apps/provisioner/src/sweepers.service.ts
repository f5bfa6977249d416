import type { ProvisionerConfig } from '@cloudhero/config';
import { CloudScopeRepository, EnvironmentRepository } from '@cloudhero/persistence';
import { Sweeper, Waker, type WakeKind } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { LocalWork } from './local-work';
import { lookId } from './observing/scope-looks.service';
import { CONFIG, LOGGER } from './tokens';

interface Due {
  id: string;
  tenant: string;
}

/** Wakes what is due. This, not Redis, is what makes sure that work gets done. */
@Injectable()
export class SweepersService {
  private readonly sweepers: Sweeper[];

  constructor(
    environments: EnvironmentRepository,
    scopes: CloudScopeRepository,
    waker: Waker,
    local: LocalWork,
    @Inject(CONFIG) config: ProvisionerConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onError = (error: unknown) => logger.warn({ error }, 'a sweep failed');
    const wake = async (kind: WakeKind, due: readonly Due[]) => {
      // Without Redis the work is done here. Others do the same, which does no harm.
      if (!(await waker.wakeAll(kind, due))) await local.run(kind, due);
    };
    const looks = (
      list: readonly { providerId: string; region: string }[],
      id: keyof typeof lookId,
    ) =>
      wake(
        'scope',
        list.map((scope) => ({ id: lookId[id](scope), tenant: scope.providerId })),
      );
    const wakeDue = async () => {
      const due = await environments.due();
      await wake(
        'environment',
        due.map(({ id, providerId }) => ({ id, tenant: providerId })),
      );
    };
    const { CLOUDHERO_DRIFT_INTERVAL_MS: driftMs } = config;
    const lookForDrift = async () => looks(await scopes.claimLooks(driftMs), 'all');
    const lookWhereWaiting = async () => looks(await scopes.waiting(), 'waiting');
    this.sweepers = [
      new Sweeper(config.CLOUDHERO_SWEEP_INTERVAL_MS, wakeDue, onError),
      new Sweeper(config.CLOUDHERO_OBSERVE_INTERVAL_MS, lookWhereWaiting, onError),
      new Sweeper(driftMs / 10, lookForDrift, onError),
    ];
  }

  start() {
    for (const sweeper of this.sweepers) sweeper.start();
  }

  async beforeApplicationShutdown() {
    await Promise.all(this.sweepers.map((sweeper) => sweeper.stop()));
  }
}
