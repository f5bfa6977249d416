import { WAKE_QUEUES, type Wake } from '@cloudhero/queue';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EnvironmentReconciler } from './environment.reconciler';

@Controller()
export class EnvironmentController {
  constructor(private readonly reconciler: EnvironmentReconciler) {}

  @MessagePattern(WAKE_QUEUES.environment)
  reconcile(@Payload() { id }: Wake): Promise<void> {
    return this.reconciler.reconcile(id);
  }
}
