import type { EnvironmentRepository } from '@cloudhero/persistence';
import type { ProviderGate } from '../clouds/provider-gate';
import type { EnvironmentReconciler } from './environment.reconciler';

/** Reconciles environments, however many of one cloud account are woken at once. */
export class EnvironmentRunner {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly reconciler: EnvironmentReconciler,
    private readonly gate: ProviderGate,
  ) {}

  /** One that is turned away stays due, so a sweeper comes back to it. */
  async run(id: string): Promise<void> {
    const scope = await this.environments.scopeOf(id);
    if (scope) await this.gate.run(scope.providerId, () => this.reconciler.reconcile(id));
  }
}
