import { asCloudHeroError, CloudHeroError, type CloudMetadata } from '@cloudhero/domain';
import {
  EnvironmentRepository,
  isDatabaseUnavailable,
  ProviderRepository,
} from '@cloudhero/persistence';
import type { CloudAnswer, CloudQuestions, OrphanList, OrphansDeleted } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CloudAccountsService } from '../clouds/cloud-accounts.service';
import { ObserveScopeService } from '../observing/observe-scope.service';
import { OrphansService } from '../orphans/orphans.service';
import { LOGGER } from '../tokens';

const AWAY = new CloudHeroError('cloud_unavailable', 'The database does not answer. Try again.');

type Ask<Q extends keyof CloudQuestions> = CloudQuestions[Q]['ask'];

/** Answers what the API wants to know of a cloud right now. */
@Controller()
export class CloudQuestionsController {
  constructor(
    private readonly providers: ProviderRepository,
    private readonly environments: EnvironmentRepository,
    private readonly accounts: CloudAccountsService,
    private readonly scopes: ObserveScopeService,
    private readonly orphans: OrphansService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @MessagePattern('provider.verify')
  verify(@Payload() { providerId }: Ask<'provider.verify'>) {
    return this.answer({ providerId }, async () =>
      (await this.driver(providerId)).verifyCredentials(),
    );
  }

  @MessagePattern('provider.metadata')
  metadata(@Payload() { providerId }: Ask<'provider.metadata'>) {
    return this.answer<CloudMetadata>({ providerId }, async () => {
      const metadata = await (await this.driver(providerId)).metadata();
      await this.providers.saveMetadata(providerId, metadata);
      return metadata;
    });
  }

  @MessagePattern('environment.observe')
  observe(@Payload() { environmentId }: Ask<'environment.observe'>) {
    return this.answer<null>({ environmentId }, async () => {
      const scope = await this.environments.scopeOf(environmentId);
      if (!scope) throw new CloudHeroError('not_found', 'The environment is gone.');
      await this.scopes.observe(scope, [environmentId]);
      return null;
    });
  }

  @MessagePattern('provider.orphans')
  listOrphans(@Payload() { providerId }: Ask<'provider.orphans'>) {
    return this.answer<OrphanList>({ providerId }, () => this.orphans.list(providerId));
  }

  @MessagePattern('provider.orphans.delete')
  deleteOrphans(@Payload() { providerId, orphan }: Ask<'provider.orphans.delete'>) {
    return this.answer<OrphansDeleted>({ providerId }, async () => {
      const result = await this.orphans.delete(providerId, orphan);
      this.logger.warn({ providerId, ...result }, 'deleted orphans as asked');
      return result;
    });
  }

  private async driver(providerId: string) {
    const provider = await this.providers.find(providerId);
    if (!provider) throw new CloudHeroError('not_found', 'The provider is gone.');
    return this.accounts.driverFor(provider);
  }

  /** A refusal of the cloud is an answer too; a thrown error would lose its code on the way. */
  private async answer<T>(ids: object, work: () => Promise<T>): Promise<CloudAnswer<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      const { code, message, temporary } = asCloudHeroError(
        isDatabaseUnavailable(error) ? AWAY : error,
      );
      this.logger.info({ ...ids, code, error }, 'a cloud question failed');
      return { ok: false, code, message, temporary };
    }
  }
}
