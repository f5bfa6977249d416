import type { CloudScopeRepository, Scope } from '@cloudhero/persistence';
import type { Logger } from '@cloudhero/telemetry';
import type { ProviderGate } from '../clouds/provider-gate';
import type { ObserveScopeService } from './observe-scope.service';

/** More environments than this are looked for by one look at everything. */
const MOST_BY_NAME = 100;

/** Which look a wake-up of a scope is for, as the wake-up's id. */
export const lookId = {
  /** At the environments in which somebody waits for the cloud. */
  waiting: ({ providerId, region }: Scope) => `${providerId}/${region}`,
  /** At everything of ours, for what has changed behind our back. */
  all: ({ providerId, region }: Scope) => `${providerId}/${region}/all`,
};

/** Carries out looks at clouds. */
export class ScopeLooksService {
  constructor(
    private readonly scopes: CloudScopeRepository,
    private readonly observer: ObserveScopeService,
    private readonly gate: ProviderGate,
    private readonly logger: Logger,
  ) {}

  /** Does not throw: the next round looks again, and the environments show the error meanwhile. */
  async look(id: string): Promise<void> {
    const [providerId = '', region = '', all] = id.split('/');
    const scope = { providerId, region };
    try {
      await this.gate.run(providerId, () =>
        all ? this.observer.observe(scope) : this.waiting(scope),
      );
    } catch (error) {
      this.logger.warn({ ...scope, error }, 'could not observe');
    }
  }

  private async waiting(scope: Scope): Promise<void> {
    const ids = await this.scopes.waitingIn(scope);
    if (ids.length === 0) return;
    await this.observer.observe(scope, ids.length > MOST_BY_NAME ? undefined : ids);
  }
}
