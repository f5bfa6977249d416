import { WAKE_QUEUES, type Wake } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { LOGGER } from '../tokens';
import { ObserveScopeService } from './observe-scope.service';

@Controller()
export class ScopeController {
  constructor(
    private readonly scopes: ObserveScopeService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @MessagePattern(WAKE_QUEUES.scope)
  async observe(@Payload() { id }: Wake): Promise<void> {
    const [providerId = '', region = ''] = id.split('/');
    try {
      await this.scopes.observe({ providerId, region });
    } catch (error) {
      // The next round looks again; the environments show the error meanwhile.
      this.logger.warn({ providerId, region, error }, 'could not observe');
    }
  }
}
