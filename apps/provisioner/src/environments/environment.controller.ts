import { WAKE_QUEUES, type Wake } from '@cloudhero/queue';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EnvironmentRunner } from './environment-runner';

@Controller()
export class EnvironmentController {
  constructor(private readonly runner: EnvironmentRunner) {}

  @MessagePattern(WAKE_QUEUES.environment)
  reconcile(@Payload() { id }: Wake): Promise<void> {
    return this.runner.run(id);
  }
}
