import { WAKE_QUEUES, type Wake } from '@cloudhero/queue';
import type { Logger } from '@cloudhero/telemetry';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { LOGGER } from '../tokens';
import { NodeReconciler } from './node.reconciler';

@Controller()
export class NodeController {
  constructor(
    private readonly reconciler: NodeReconciler,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @EventPattern(WAKE_QUEUES.node)
  async wake(@Payload() { id }: Wake): Promise<void> {
    try {
      await this.reconciler.reconcile(id);
    } catch (error) {
      // The row keeps its time, so a sweeper comes back to it.
      this.logger.error({ err: error, nodeId: id }, 'reconciling a node failed');
    }
  }
}
